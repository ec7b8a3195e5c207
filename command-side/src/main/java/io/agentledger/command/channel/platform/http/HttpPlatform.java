package io.agentledger.command.channel.platform.http;

import io.agentledger.command.channel.platform.ChannelAccount;
import io.agentledger.command.channel.platform.ConnectionTest;
import io.agentledger.command.channel.platform.Hmac;
import io.agentledger.command.channel.platform.InboundItem;
import io.agentledger.command.channel.platform.MediaReference;
import io.agentledger.command.channel.platform.MediaResult;
import io.agentledger.command.channel.platform.MessageParts;
import io.agentledger.command.channel.platform.OutboundMessage;
import io.agentledger.command.channel.platform.OutboundPart;
import io.agentledger.command.channel.platform.OutboundPart.Content;
import io.agentledger.command.channel.platform.Platform;
import io.agentledger.command.channel.platform.PlatformClient;
import io.agentledger.command.channel.platform.PlatformDescription;
import io.agentledger.command.channel.platform.PlatformDescription.Capability;
import io.agentledger.command.channel.platform.PlatformField;
import io.agentledger.command.channel.platform.PlatformJson;
import io.agentledger.command.channel.platform.PlatformLimits;
import io.agentledger.command.channel.platform.PlatformRequest;
import io.agentledger.command.channel.platform.SendResult;
import io.agentledger.command.channel.platform.SendResult.Rejected;
import io.agentledger.command.channel.platform.SendResult.Sent;
import io.agentledger.command.channel.platform.TypingTarget;
import io.agentledger.command.channel.platform.markup.PlainMarkdown;
import io.agentledger.command.support.outbound.OutboundRequest;
import io.agentledger.command.support.outbound.OutboundResponse;
import io.agentledger.command.support.webhook.WebhookSignature;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * Any service that calls the webhook and is called at the channel's {@code api_url}, with JSON that
 * is signed according to Standard Webhooks in both directions.
 */
public final class HttpPlatform implements Platform {
  private static final String SECRET = "signing_secret";
  private static final String ID_HEADER = "webhook-id";
  private static final String TIME_HEADER = "webhook-timestamp";
  private static final String SIGNATURE_HEADER = "webhook-signature";
  private static final int TEXT_MAX = 16_000;
  private static final int SIGNATURES_MAX = 10;
  private static final long MEDIA_BYTES_MAX = 10_000_000;

  private static final PlatformDescription DESCRIPTION =
      new PlatformDescription(
          "http",
          "Generic HTTP",
          "",
          "",
          "https://www.standardwebhooks.com",
          List.of(),
          List.of(
              PlatformField.requiredCredential(
                  SECRET,
                  "Secret of Standard Webhooks for both directions: a text, or base64 after"
                      + " whsec_.",
                  "24 to 64 random bytes"),
              PlatformField.optionalCredential(
                  SECRET + ChannelAccount.PREVIOUS,
                  "Secret that is being replaced; still accepted, not used to sign.",
                  "the former secret")),
          new PlatformLimits(
              TEXT_MAX, MEDIA_BYTES_MAX, List.of("*/*"), 50, Duration.ZERO, Duration.ZERO),
          Set.of(
              Capability.TYPING,
              Capability.DELIVERY_RECEIPTS,
              Capability.READ_RECEIPTS,
              Capability.TEMPLATES,
              Capability.IDEMPOTENT_SEND,
              Capability.MEDIA));

  private final PlatformClient client;
  private final Clock clock;
  private final HttpMessages messages;

  public HttpPlatform(PlatformClient client, Clock clock) {
    this.client = client;
    this.clock = clock;
    this.messages = new HttpMessages(clock);
  }

  @Override
  public PlatformDescription description() {
    return DESCRIPTION;
  }

  @Override
  public Optional<String> findSecretFault(String credential, String secret) {
    return credential.equals(SECRET) && !WebhookSignature.isStrong(secret)
        ? Optional.of(WebhookSignature.STRONG_RULE)
        : Optional.empty();
  }

  @Override
  public boolean hasCredentials(PlatformRequest request, Instant now) {
    return !request.header(SIGNATURE_HEADER).isEmpty()
        && !request.header(ID_HEADER).isEmpty()
        && Hmac.isRecent(request.header(TIME_HEADER), now);
  }

  @Override
  public boolean verify(ChannelAccount account, PlatformRequest request, Instant now) {
    if (!hasCredentials(request, now)) return false;
    var time = Instant.ofEpochSecond(Long.parseLong(request.header(TIME_HEADER)));
    var secrets = account.secrets(SECRET).stream().filter(WebhookSignature::isUsable).toList();
    return Arrays.stream(request.header(SIGNATURE_HEADER).split(" ", SIGNATURES_MAX))
        .anyMatch(
            given ->
                Hmac.matches(
                    given,
                    secrets,
                    secret ->
                        WebhookSignature.sign(
                            secret, request.header(ID_HEADER), time, request.body())));
  }

  @Override
  public List<InboundItem> read(ChannelAccount account, PlatformRequest request) {
    return messages.read(PlatformJson.read(request));
  }

  @Override
  public List<OutboundPart> divide(OutboundMessage message) {
    return MessageParts.of(message, PlainMarkdown.divide(message.markdown(), TEXT_MAX));
  }

  @Override
  public SendResult send(ChannelAccount account, OutboundPart part) {
    if (account.apiUrl().isEmpty()) return new Rejected("The channel has no api_url to send to.");
    if (!WebhookSignature.isUsable(account.credential(SECRET)))
      return new Rejected("The signing_secret is neither a text nor base64 after whsec_.");
    return client.send(
        signed(account, part.id(), body(account, part)), response -> result(part, response));
  }

  private static Map<String, Object> body(ChannelAccount account, OutboundPart part) {
    var body = new LinkedHashMap<String, Object>();
    body.put("id", part.id());
    body.put("channel_id", account.channelId());
    body.put("contact_address", part.contactAddress());
    switch (part.content()) {
      case Content.Text(var markup) -> {
        body.put("type", "text");
        body.put("markdown", markup);
      }
      case Content.File(var media) -> {
        body.put("type", "file");
        body.put("name", media.content().name());
        body.put("media_type", media.content().mediaType());
        body.put("data", Base64.getEncoder().encodeToString(media.content().bytes()));
      }
      case Content.Template(var template) -> {
        body.put("type", "template");
        body.put("name", template.name());
        body.put("language", template.language());
        body.put("parameters", template.parameters());
      }
    }
    return body;
  }

  private static Optional<SendResult> result(OutboundPart part, OutboundResponse response) {
    if (!PlatformClient.isSuccess(response)) return Optional.empty();
    var id = PlatformJson.text(PlatformJson.read(response), "message_id");
    return Optional.of(new Sent(id.isEmpty() ? part.id() : id));
  }

  /** Fetches a file without credentials, because the service chooses its address. */
  @Override
  public MediaResult fetchMedia(ChannelAccount account, MediaReference reference, long bytesMax) {
    return client.fetch(OutboundRequest.get(reference.id()), reference, bytesMax);
  }

  @Override
  public void showTyping(ChannelAccount account, TypingTarget target) {
    if (!account.apiUrl().isEmpty())
      client.exchange(
          signed(
              account,
              "typing_" + UUID.randomUUID(),
              Map.of(
                  "type",
                  "typing",
                  "channel_id",
                  account.channelId(),
                  "contact_address",
                  target.contactAddress())));
  }

  @Override
  public ConnectionTest test(ChannelAccount account) {
    if (account.apiUrl().isEmpty())
      return ConnectionTest.failed("The channel has no api_url to send to.");
    if (!WebhookSignature.isUsable(account.credential(SECRET)))
      return ConnectionTest.failed("The signing_secret is neither a text nor base64 after whsec_.");
    return client.test(
        signed(
            account,
            "test_" + UUID.randomUUID(),
            Map.of("type", "test", "channel_id", account.channelId())),
        body -> ConnectionTest.passed(PlatformJson.line(PlatformJson.text(body, "account"))));
  }

  private OutboundRequest signed(ChannelAccount account, String id, Map<String, ?> content) {
    var body = PlatformJson.write(content);
    var now = clock.instant();
    var headers = new HashMap<>(WebhookSignature.headersWithoutSignature(id, now));
    headers.put(SIGNATURE_HEADER, WebhookSignature.sign(account.credential(SECRET), id, now, body));
    headers.put("Content-Type", "application/json");
    return new OutboundRequest("POST", account.apiUrl(), headers, body);
  }
}
