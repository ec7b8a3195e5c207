package io.agentledger.command.channel;

import io.agentledger.api.channel.ChannelId;
import io.agentledger.api.channel.ChatMessageId;
import io.agentledger.api.channel.Visitor;
import io.agentledger.api.channel.VisitorToken;
import io.agentledger.api.channel.WidgetVisitors;
import io.agentledger.api.shared.ChannelRejection.VisitorRefused;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.command.channel.ChannelLookupTable.StoredChannel;
import io.agentledger.command.channel.VisitorTokens.VisitorClaims;
import io.agentledger.command.channel.platform.InboundItem.InboundMessage;
import io.agentledger.command.channel.platform.widget.VisitorIdentity;
import io.agentledger.command.channel.platform.widget.WidgetPlatform;
import io.agentledger.store.crypto.ChatIds;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import java.util.Optional;

/**
 * Serves visitors of pages with the widget. Their messages are stored as those of other platforms
 * are. Thread-safe.
 */
record WidgetVisitorService(
    ChannelLookupTable channels,
    ChannelReader reader,
    PlatformRequestReceiver receiver,
    VisitorTokens tokens,
    ChatIds chatIds,
    VisitorLimiter limiter,
    Clock clock)
    implements WidgetVisitors {
  private Optional<StoredChannel> find(ChannelId id) {
    return channels
        .findReceiving(id)
        .filter(channel -> channel.properties().platform().equals(WidgetPlatform.NAME));
  }

  @Override
  public boolean isAllowedOrigin(ChannelId channelId, String origin) {
    return find(channelId)
        .map(reader::definition)
        .filter(channel -> VisitorIdentity.isAllowedOrigin(channel.settings(), origin))
        .isPresent();
  }

  @Override
  public Optional<VisitorToken> visit(
      ChannelId channelId, Identity identity, String name, String source) {
    limiter.acquireVisit(channelId, source);
    return find(channelId)
        .flatMap(
            channel ->
                addressOf(channel, identity)
                    .map(address -> tokens.issue(tokenKey(channel), address, name)));
  }

  /**
   * Returns the key of the tokens of a channel's version, under the key of its tenant: a token is
   * valid for no other channel, and not after a change of the channel.
   */
  private byte[] tokenKey(StoredChannel channel) {
    var scope = List.of("visitor-token", channel.id().value());
    return chatIds
        .keys()
        .digest(channel.tenant(), scope, String.valueOf(channel.version()))
        .getBytes(StandardCharsets.US_ASCII);
  }

  private Optional<String> addressOf(StoredChannel channel, Identity identity) {
    var account = reader.verifyingAccount(channel);
    return switch (identity) {
      case AnonymousIdentity(var key) -> VisitorIdentity.anonymous(account, key);
      case SignedIdentity(var user, var expires, var signature) ->
          VisitorIdentity.signed(account, user, expires, signature, clock.instant());
    };
  }

  @Override
  public Optional<Visitor> find(ChannelId channelId, String token) {
    return find(channelId)
        .flatMap(
            channel ->
                tokens.verify(tokenKey(channel), token).map(claims -> visitor(channel, claims)));
  }

  private Visitor visitor(StoredChannel channel, VisitorClaims claims) {
    var chat = chatIds.of(channel.tenant(), channel.id(), claims.address());
    return new Visitor(channel.tenant(), channel.id(), chat, claims.address(), claims.name());
  }

  @Override
  public ChatMessageId receive(Visitor visitor, String messageId, String text, String source) {
    limiter.acquireMessage(visitor, source);
    var channel =
        find(visitor.channelId()).orElseThrow(() -> new RejectionException(new VisitorRefused()));
    // The id is unique in the chat only.
    var id = visitor.chatId() + ":" + messageId;
    var now = clock.instant();
    var message =
        new InboundMessage(id, visitor.address(), visitor.name(), text, List.of(), "", now);
    receiver.store(channel, List.of(message), now);
    return ChatMessageId.of(channel.id(), id);
  }
}
