package io.agentledger.gateway.channel.widget;

import io.agentledger.api.channel.ChannelId;
import io.agentledger.api.channel.ChatCommand.RecordChatDelivery;
import io.agentledger.api.channel.MessageStatus;
import io.agentledger.api.channel.Visitor;
import io.agentledger.api.channel.VisitorMessageView;
import io.agentledger.api.channel.VisitorQuery.FollowVisitorMessages;
import io.agentledger.api.channel.VisitorQuery.ListVisitorMessages;
import io.agentledger.api.channel.VisitorToken;
import io.agentledger.api.channel.WidgetVisitors;
import io.agentledger.api.identity.Provenance;
import io.agentledger.api.identity.RequestSource;
import io.agentledger.api.shared.ChannelRejection.VisitorRefused;
import io.agentledger.api.shared.Ids;
import io.agentledger.api.shared.Page;
import io.agentledger.api.shared.PageRequest;
import io.agentledger.api.shared.QuotaRejection.LimitReached;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.gateway.support.messaging.MessageGateway;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * Operations of visitors. A visitor is known by a token only, and the chat is that of the token, so
 * no request can name another one. A shutdown ends all streams. Thread-safe.
 */
@Component
class VisitorService implements SmartLifecycle {
  /** Maximum number of streams of a channel on this node. */
  static final int STREAMS_OF_CHANNEL_MAX = 2_000;

  /** Maximum number of streams from one address on this node. */
  static final int STREAMS_OF_ADDRESS_MAX = 50;

  private static final Logger log = LoggerFactory.getLogger(VisitorService.class);

  /** A stream ends this long after its token has become invalid. */
  private static final Duration TOKEN_CHECK_INTERVAL = Duration.ofSeconds(30);

  private static final Duration RETRY_AFTER = Duration.ofSeconds(30);

  private final ObjectProvider<WidgetVisitors> visitors;
  private final MessageGateway messageGateway;
  private final Clock clock;
  private final Map<String, Integer> streams = new ConcurrentHashMap<>();
  private final Sinks.Empty<Void> shutdown = Sinks.empty();
  private volatile boolean running;

  VisitorService(
      ObjectProvider<WidgetVisitors> visitors, MessageGateway messageGateway, Clock clock) {
    this.visitors = visitors;
    this.messageGateway = messageGateway;
    this.clock = clock;
  }

  /** Credential of a visitor: a token and the address from which it comes. */
  record VisitorCredential(ChannelId channel, String token, RequestSource source) {}

  Mono<VisitorToken> visit(ChannelId channel, VisitorTokenRequest request, RequestSource source) {
    var identity = request.toIdentity();
    var name = Objects.requireNonNullElse(request.name(), "");
    return messageGateway
        .offload(
            () ->
                Mono.justOrEmpty(visitors.getObject().visit(channel, identity, name, source.ip())))
        .switchIfEmpty(refused());
  }

  private static <T> Mono<T> refused() {
    return Mono.error(() -> new RejectionException(new VisitorRefused()));
  }

  private Mono<Visitor> find(VisitorCredential credential) {
    return messageGateway
        .offload(
            () ->
                Mono.justOrEmpty(
                    visitors.getObject().find(credential.channel(), credential.token())))
        .switchIfEmpty(refused());
  }

  Mono<VisitorMessageReceipt> receive(VisitorCredential credential, VisitorMessageRequest request) {
    return find(credential)
        .flatMap(
            visitor ->
                messageGateway.offload(
                    () ->
                        Mono.just(
                            visitors
                                .getObject()
                                .receive(
                                    visitor,
                                    request.messageId(),
                                    request.text(),
                                    credential.source().ip()))))
        .map(VisitorMessageReceipt::new);
  }

  @SuppressWarnings("unchecked") // The type of the items is defined by the query.
  Mono<Page<VisitorMessageView>> listMessages(VisitorCredential credential, PageRequest page) {
    return find(credential)
        .flatMap(
            visitor ->
                messageGateway
                    .queryAsSystem(new ListVisitorMessages(visitor.chatId(), page), Page.class)
                    .map(found -> (Page<VisitorMessageView>) found)
                    .doOnNext(found -> found.items().forEach(item -> recordShown(visitor, item))));
  }

  /**
   * Follows the messages after a sequence. The stream ends when the token is no longer valid.
   *
   * @param after 0 for all
   * @param encoding of the stream; nothing of it is sent if a limit is reached
   */
  <T> Mono<Flux<T>> follow(
      VisitorCredential credential,
      long after,
      Function<Flux<VisitorMessageView>, Flux<T>> encoding) {
    return find(credential)
        .map(visitor -> limited(credential, encoding.apply(stream(credential, visitor, after))));
  }

  private Flux<VisitorMessageView> stream(
      VisitorCredential credential, Visitor visitor, long after) {
    var invalid =
        Flux.interval(TOKEN_CHECK_INTERVAL)
            .onBackpressureDrop()
            .concatMap(tick -> find(credential), 1)
            .ignoreElements()
            .onErrorComplete();
    return messageGateway
        .streamAsSystem(
            new FollowVisitorMessages(visitor.chatId(), after), VisitorMessageView.class)
        .doOnNext(message -> recordShown(visitor, message))
        .takeUntilOther(Mono.firstWithSignal(shutdown.asMono(), invalid));
  }

  /** Counts a stream from its subscription to its end, whatever ends it. */
  private <T> Flux<T> limited(VisitorCredential credential, Flux<T> stream) {
    return counted(
        "streams_of_channel",
        STREAMS_OF_CHANNEL_MAX,
        credential.channel().value(),
        counted("streams_of_address", STREAMS_OF_ADDRESS_MAX, credential.source().ip(), stream));
  }

  private <T> Flux<T> counted(String limit, int max, String key, Flux<T> stream) {
    return Flux.defer(
        () ->
            (streams.merge(key, 1, Integer::sum) > max
                    ? Flux.<T>error(
                        new RejectionException(new LimitReached(limit, max, RETRY_AFTER)))
                    : stream)
                .doFinally(
                    signal ->
                        streams.computeIfPresent(
                            key, (counted, count) -> count == 1 ? null : count - 1)));
  }

  /** Records that a message was given to the visitor's page; a failure delays nothing. */
  private void recordShown(Visitor visitor, VisitorMessageView message) {
    if (message.status() != MessageStatus.SENT) return;
    var command =
        new RecordChatDelivery(
            visitor.chatId(),
            message.id(),
            MessageStatus.DELIVERED,
            List.of(),
            "",
            clock.instant());
    messageGateway
        .sendAsSystem(Provenance.ofSystem(visitor.tenant(), Ids.random("req")), command)
        .subscribe(
            result -> {},
            failure ->
                log.atWarn()
                    .addKeyValue("chatId", visitor.chatId())
                    .setCause(failure)
                    .log("the delivery of a message was not recorded"));
  }

  @Override
  public void start() {
    running = true;
  }

  @Override
  public void stop() {
    running = false;
    shutdown.tryEmitEmpty();
  }

  @Override
  public boolean isRunning() {
    return running;
  }
}
