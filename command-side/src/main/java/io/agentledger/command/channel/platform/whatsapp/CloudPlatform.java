package io.agentledger.command.channel.platform.whatsapp;

import io.agentledger.command.channel.platform.ChannelAccount;
import io.agentledger.command.channel.platform.ConnectionTest;
import io.agentledger.command.channel.platform.FormParameters;
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
import io.agentledger.command.channel.platform.TypingTarget;
import io.agentledger.command.channel.platform.UnreadableRequestException;
import io.agentledger.command.channel.platform.markup.WhatsAppMarkup;
import io.agentledger.command.support.outbound.OutboundRequest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** WhatsApp by the Cloud API of Meta. */
public final class CloudPlatform implements Platform {
  static final String PHONE = "phone_number_id";
  static final String TOKEN = "access_token";
  private static final String SECRET = "app_secret";
  private static final String VERIFY = "verify_token";
  private static final String SIGNATURE_HEADER = "x-hub-signature-256";
  private static final String MEDIA_HOST = "https://lookaside.fbsbx.com";
  private static final int TEXT_MAX = 4_096;
  private static final long MEDIA_BYTES_MAX = 16_000_000;

  static final PlatformDescription DESCRIPTION =
      new PlatformDescription(
          "whatsapp_cloud",
          "WhatsApp (Cloud API)",
          "https://graph.facebook.com/v23.0",
          "GET",
          "https://developers.facebook.com/docs/whatsapp/cloud-api",
          List.of(
              PlatformField.requiredSetting(
                  PHONE,
                  "Id of the phone number, not the number itself.",
                  "1 to 20 digits",
                  "[0-9]{1,20}",
                  "106540352242922")),
          List.of(
              PlatformField.requiredCredential(
                  TOKEN, "Access token of a system user.", "Business settings, system users"),
              PlatformField.requiredCredential(
                  SECRET, "Secret of the app, which signs webhooks.", "App settings, basic"),
              PlatformField.optionalCredential(
                  SECRET + ChannelAccount.PREVIOUS,
                  "App secret that is being replaced.",
                  "the former app secret"),
              PlatformField.requiredCredential(
                  VERIFY,
                  "Text of your choice that checks of the address contain.",
                  "Webhooks, verify token")),
          new PlatformLimits(
              TEXT_MAX,
              MEDIA_BYTES_MAX,
              List.of(
                  "image/jpeg",
                  "image/png",
                  "audio/*",
                  "video/mp4",
                  "video/3gpp",
                  "text/plain",
                  "application/*"),
              80,
              Duration.ofSeconds(1),
              Duration.ofHours(24)),
          Set.of(
              Capability.TYPING,
              Capability.DELIVERY_RECEIPTS,
              Capability.READ_RECEIPTS,
              Capability.TEMPLATES,
              Capability.MEDIA));

  private final PlatformClient client;
  private final CloudWebhook webhook;
  private final CloudSender sender;

  public CloudPlatform(PlatformClient client, Clock clock) {
    this.client = client;
    this.webhook = new CloudWebhook(clock);
    this.sender = new CloudSender(client);
  }

  @Override
  public PlatformDescription description() {
    return DESCRIPTION;
  }

  /** Answers the check of the address, by Meta's description of verification requests. */
  @Override
  public Optional<Handshake> handshake(
      ChannelAccount account, PlatformRequest request, Instant now) {
    if (!request.method().equals("GET")) return Optional.empty();
    var query = parameters(request);
    if (query.isEmpty()) return Optional.empty();
    var challenge = query.get().value("hub.challenge");
    boolean isVerified =
        Hmac.matches(
            query.get().value("hub.verify_token"), account.secrets(VERIFY), secret -> secret);
    boolean isCheck = query.get().value("hub.mode").equals("subscribe");
    // The challenge is returned, so it must not be a page.
    return isVerified && isCheck && challenge.matches("[A-Za-z0-9_.-]{1,256}")
        ? Optional.of(new Handshake("text/plain", challenge))
        : Optional.empty();
  }

  private static Optional<FormParameters> parameters(PlatformRequest request) {
    try {
      return Optional.of(FormParameters.parse(request.rawQuery()));
    } catch (UnreadableRequestException e) {
      return Optional.empty();
    }
  }

  @Override
  public boolean hasCredentials(PlatformRequest request, Instant now) {
    return !request.header(SIGNATURE_HEADER).isEmpty();
  }

  @Override
  public boolean verify(ChannelAccount account, PlatformRequest request, Instant now) {
    return Hmac.matches(
        request.header(SIGNATURE_HEADER),
        account.secrets(SECRET),
        secret -> "sha256=" + Hmac.hex(secret, request.body()));
  }

  @Override
  public List<InboundItem> read(ChannelAccount account, PlatformRequest request) {
    return webhook.read(account.setting(PHONE), PlatformJson.read(request));
  }

  @Override
  public List<OutboundPart> divide(OutboundMessage message) {
    return MessageParts.of(message, new WhatsAppMarkup().divide(message.markdown(), TEXT_MAX));
  }

  @Override
  public SendResult send(ChannelAccount account, OutboundPart part) {
    return sender.send(account, part);
  }

  @Override
  public MediaResult fetchMedia(ChannelAccount account, MediaReference reference, long bytesMax) {
    if (!reference.id().matches("[A-Za-z0-9_-]{1,128}"))
      return new MediaResult.Refused("The id of the file is not one of WhatsApp.");
    var url =
        account.apiUrl(DESCRIPTION)
            + "/"
            + reference.id()
            + "?phone_number_id="
            + account.setting(PHONE);
    return client.lookUp(
        sender.get(account, url), file -> fetch(account, reference, file, bytesMax));
  }

  /** The token is sent to Meta's hosts only, whatever the response states. */
  private MediaResult fetch(
      ChannelAccount account, MediaReference reference, JsonNode file, long bytesMax) {
    var url = PlatformJson.text(file, "url");
    if (file.path("file_size").asLong(0) > bytesMax)
      return new MediaResult.Refused("The file exceeds the limit of " + bytesMax + " bytes.");
    if (!PlatformClient.hasSameOrigin(url, MEDIA_HOST)
        && !PlatformClient.hasSameOrigin(url, account.apiUrl(DESCRIPTION)))
      return new MediaResult.Refused("WhatsApp states an address of the file at another host.");
    return client.fetch(sender.get(account, url), reference, bytesMax);
  }

  /** Shows that a reply is being written, which also marks the contact's message as read. */
  @Override
  public void showTyping(ChannelAccount account, TypingTarget target) {
    var lastMessageId = target.lastMessageId().get();
    if (lastMessageId.isEmpty()) return;
    client.exchange(
        sender.post(
            account,
            Map.of(
                "messaging_product",
                "whatsapp",
                "status",
                "read",
                "message_id",
                lastMessageId,
                "typing_indicator",
                Map.of("type", "text"))));
  }

  @Override
  public Optional<String> findTemplateFault(String name, String language) {
    return language.isEmpty()
        ? Optional.of("a template needs its language, such as en_US")
        : Optional.empty();
  }

  @Override
  public ConnectionTest test(ChannelAccount account) {
    OutboundRequest request =
        sender.get(
            account,
            account.apiUrl(DESCRIPTION)
                + "/"
                + account.setting(PHONE)
                + "?fields=display_phone_number,verified_name");
    return client.test(
        request,
        body -> {
          var number = PlatformJson.line(PlatformJson.text(body, "display_phone_number"));
          var name = PlatformJson.line(PlatformJson.text(body, "verified_name"));
          return number.isEmpty()
              ? ConnectionTest.failed("The response is not one of the Cloud API. Check api_url.")
              : ConnectionTest.passed((name + " " + number).strip());
        });
  }
}
