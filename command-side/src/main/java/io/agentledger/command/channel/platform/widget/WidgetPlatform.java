package io.agentledger.command.channel.platform.widget;

import io.agentledger.command.channel.platform.ChannelAccount;
import io.agentledger.command.channel.platform.ConnectionTest;
import io.agentledger.command.channel.platform.InboundItem;
import io.agentledger.command.channel.platform.MediaReference;
import io.agentledger.command.channel.platform.MediaResult;
import io.agentledger.command.channel.platform.MessageParts;
import io.agentledger.command.channel.platform.OutboundMessage;
import io.agentledger.command.channel.platform.OutboundPart;
import io.agentledger.command.channel.platform.OutboundPart.Content;
import io.agentledger.command.channel.platform.Platform;
import io.agentledger.command.channel.platform.PlatformDescription;
import io.agentledger.command.channel.platform.PlatformDescription.Capability;
import io.agentledger.command.channel.platform.PlatformField;
import io.agentledger.command.channel.platform.PlatformLimits;
import io.agentledger.command.channel.platform.PlatformRequest;
import io.agentledger.command.channel.platform.SendResult;
import io.agentledger.command.channel.platform.SendResult.Rejected;
import io.agentledger.command.channel.platform.SendResult.Sent;
import io.agentledger.command.channel.platform.markup.PlainMarkdown;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Web chat widget. It has no outside API: a sent part is stored, and the visitor's page reads it
 * from the service; no webhook is accepted. Visitors are verified by {@link VisitorIdentity}.
 */
public final class WidgetPlatform implements Platform {
  public static final String NAME = "widget";

  static final String ORIGINS = "allowed_origins";
  static final String ANONYMOUS = "anonymous_visitors";
  static final String SECRET = "identity_secret";
  private static final int TEXT_MAX = 16_000;
  private static final String ORIGIN = "https?://[A-Za-z0-9.-]{1,253}(:[0-9]{1,5})?";

  private static final PlatformDescription DESCRIPTION =
      new PlatformDescription(
          NAME,
          "Web chat widget",
          "",
          "",
          "",
          List.of(
              PlatformField.requiredSetting(
                  ORIGINS,
                  "Origins of the pages that may contain the widget.",
                  "1 to 20 origins without a path, separated by a space",
                  ORIGIN + "( " + ORIGIN + "){0,19}",
                  "https://www.example.com"),
              PlatformField.optionalSetting(
                  ANONYMOUS,
                  "Whether visitors without an identity signed by the site may write; true.",
                  "true or false",
                  "true|false",
                  "true")),
          List.of(
              PlatformField.optionalCredential(
                  SECRET,
                  "Secret by which the site signs the identity of its users, of at least 32"
                      + " characters.",
                  "64 random hexadecimal digits"),
              PlatformField.optionalCredential(
                  SECRET + ChannelAccount.PREVIOUS,
                  "Secret that is being replaced.",
                  "the former secret")),
          new PlatformLimits(TEXT_MAX, 0, List.of(), 50, Duration.ZERO, Duration.ZERO),
          Set.of(Capability.IDEMPOTENT_SEND, Capability.STORED_SEND));

  @Override
  public PlatformDescription description() {
    return DESCRIPTION;
  }

  @Override
  public Optional<String> findSecretFault(String credential, String secret) {
    return credential.equals(SECRET) && secret.length() < VisitorIdentity.SECRET_LENGTH_MIN
        ? Optional.of("must have at least 32 characters")
        : Optional.empty();
  }

  @Override
  public boolean hasCredentials(PlatformRequest request, Instant now) {
    return false;
  }

  @Override
  public boolean verify(ChannelAccount account, PlatformRequest request, Instant now) {
    return false;
  }

  @Override
  public List<InboundItem> read(ChannelAccount account, PlatformRequest request) {
    return List.of();
  }

  @Override
  public List<OutboundPart> divide(OutboundMessage message) {
    return MessageParts.of(message, PlainMarkdown.divide(message.markdown(), TEXT_MAX));
  }

  @Override
  public SendResult send(ChannelAccount account, OutboundPart part) {
    return part.content() instanceof Content.Template
        ? new Rejected("The widget has no templates.")
        : new Sent(part.id());
  }

  @Override
  public MediaResult fetchMedia(ChannelAccount account, MediaReference reference, long bytesMax) {
    return new MediaResult.Refused("The widget uploads files to the service itself.");
  }

  @Override
  public ConnectionTest test(ChannelAccount account) {
    return ConnectionTest.passed(account.setting(ORIGINS));
  }
}
