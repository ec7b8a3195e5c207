package io.agentledger.command.channel.platform.slack;

import io.agentledger.command.channel.platform.ChannelAccount;
import io.agentledger.command.channel.platform.ConnectionTest;
import io.agentledger.command.channel.platform.Handshake;
import io.agentledger.command.channel.platform.Hmac;
import io.agentledger.command.channel.platform.InboundItem;
import io.agentledger.command.channel.platform.MediaReference;
import io.agentledger.command.channel.platform.MediaResult;
import io.agentledger.command.channel.platform.MessageParts;
import io.agentledger.command.channel.platform.OutboundMessage;
import io.agentledger.command.channel.platform.OutboundPart;
import io.agentledger.command.channel.platform.Platform;
import io.agentledger.command.channel.platform.PlatformClient;
import io.agentledger.command.channel.platform.PlatformDescription;
import io.agentledger.command.channel.platform.PlatformDescription.Capability;
import io.agentledger.command.channel.platform.PlatformField;
import io.agentledger.command.channel.platform.PlatformJson;
import io.agentledger.command.channel.platform.PlatformLimits;
import io.agentledger.command.channel.platform.PlatformRequest;
import io.agentledger.command.channel.platform.SendResult;
import io.agentledger.command.channel.platform.UnreadableRequestException;
import io.agentledger.command.channel.platform.markup.SlackMrkdwn;
import io.agentledger.command.support.outbound.OutboundRequest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Apps of Slack, by the Events API and the Web API. */
public final class SlackPlatform implements Platform {
  static final String TOKEN = "bot_token";
  static final String TEAM = "team_id";
  private static final String SECRET = "signing_secret";
  private static final int SECRET_LENGTH_MIN = 32;
  private static final String SIGNATURE_HEADER = "x-slack-signature";
  private static final String TIME_HEADER = "x-slack-request-timestamp";
  private static final String FILE_HOST = "https://files.slack.com";
  private static final int TEXT_MAX = 4_000;
  private static final long MEDIA_BYTES_MAX = 50_000_000;

  static final PlatformDescription DESCRIPTION =
      new PlatformDescription(
          "slack",
          "Slack",
          "https://slack.com/api",
          "POST",
          "https://api.slack.com/apis/events-api",
          List.of(
              PlatformField.optionalSetting(
                  TEAM,
                  "Id of the workspace, if the app is installed in several.",
                  "T or E, and 2 to 20 capital letters and digits",
                  "[TE][A-Z0-9]{2,20}",
                  "T0123ABCD")),
          List.of(
              PlatformField.requiredCredential(
                  TOKEN, "Bot token of the app.", "OAuth and permissions, xoxb-..."),
              PlatformField.requiredCredential(
                  SECRET, "Signing secret of the app.", "Basic information"),
              PlatformField.optionalCredential(
                  SECRET + ChannelAccount.PREVIOUS,
                  "Signing secret that is being replaced.",
                  "the former signing secret")),
          new PlatformLimits(
              TEXT_MAX, MEDIA_BYTES_MAX, List.of("*/*"), 20, Duration.ofSeconds(1), Duration.ZERO),
          Set.of(Capability.MEDIA));

  private final PlatformClient client;
  private final SlackEvents events;
  private final SlackSender sender;

  public SlackPlatform(PlatformClient client, Clock clock) {
    this.client = client;
    this.events = new SlackEvents(clock);
    this.sender = new SlackSender(client);
  }

  @Override
  public PlatformDescription description() {
    return DESCRIPTION;
  }

  /** Answers {@code url_verification}, which is signed as events are. */
  @Override
  public Optional<Handshake> handshake(
      ChannelAccount account, PlatformRequest request, Instant now) {
    if (!request.method().equals("POST") || !verify(account, request, now)) return Optional.empty();
    try {
      var body = PlatformJson.read(request);
      var challenge = PlatformJson.text(body, "challenge");
      return PlatformJson.text(body, "type").equals("url_verification")
              && challenge.matches("[A-Za-z0-9_.-]{1,256}")
          ? Optional.of(new Handshake("text/plain", challenge))
          : Optional.empty();
    } catch (UnreadableRequestException e) {
      return Optional.empty();
    }
  }

  @Override
  public Optional<String> findSecretFault(String credential, String secret) {
    return credential.equals(SECRET) && secret.length() < SECRET_LENGTH_MIN
        ? Optional.of("must be the signing secret of the Slack app, which has 32 characters")
        : Optional.empty();
  }

  @Override
  public boolean hasCredentials(PlatformRequest request, Instant now) {
    return !request.header(SIGNATURE_HEADER).isEmpty()
        && Hmac.isRecent(request.header(TIME_HEADER), now);
  }

  @Override
  public boolean verify(ChannelAccount account, PlatformRequest request, Instant now) {
    var signed = Hmac.utf8("v0:" + request.header(TIME_HEADER) + ":");
    return hasCredentials(request, now)
        && Hmac.matches(
            request.header(SIGNATURE_HEADER),
            account.secrets(SECRET),
            secret -> "v0=" + Hmac.hex(secret, signed, request.body()));
  }

  @Override
  public List<InboundItem> read(ChannelAccount account, PlatformRequest request) {
    return events.read(account.setting(TEAM), PlatformJson.read(request));
  }

  @Override
  public List<OutboundPart> divide(OutboundMessage message) {
    return MessageParts.of(message, new SlackMrkdwn().divide(message.markdown(), TEXT_MAX));
  }

  @Override
  public SendResult send(ChannelAccount account, OutboundPart part) {
    return sender.send(account, part);
  }

  /** Fetches a file with the bot's token, which only Slack's hosts get. */
  @Override
  public MediaResult fetchMedia(ChannelAccount account, MediaReference reference, long bytesMax) {
    if (!PlatformClient.hasSameOrigin(reference.id(), FILE_HOST)
        && !PlatformClient.hasSameOrigin(reference.id(), account.apiUrl(DESCRIPTION)))
      return new MediaResult.Refused("The address of the file is not one of Slack.");
    var request =
        new OutboundRequest("GET", reference.id(), SlackSender.authorization(account), new byte[0]);
    return client.fetch(request, reference, bytesMax);
  }

  @Override
  public ConnectionTest test(ChannelAccount account) {
    return client.test(
        SlackSender.json(account, "auth.test", Map.of()),
        body ->
            body.path("ok").asBoolean(false)
                ? ConnectionTest.passed(
                    PlatformJson.line(
                        PlatformJson.text(body, "user") + " in " + PlatformJson.text(body, "team")))
                : ConnectionTest.failed(
                    "Slack refuses the token: "
                        + PlatformJson.line(PlatformJson.text(body, "error"))
                        + "."));
  }
}
