package io.agentledger.command.channel.platform.twilio;

import io.agentledger.command.channel.platform.ChannelAccount;
import io.agentledger.command.channel.platform.ConnectionTest;
import io.agentledger.command.channel.platform.FieldFault;
import io.agentledger.command.channel.platform.FormParameters;
import io.agentledger.command.channel.platform.Hmac;
import io.agentledger.command.channel.platform.InboundItem;
import io.agentledger.command.channel.platform.MediaReference;
import io.agentledger.command.channel.platform.MediaResult;
import io.agentledger.command.channel.platform.MessageParts;
import io.agentledger.command.channel.platform.OutboundMessage;
import io.agentledger.command.channel.platform.OutboundMessage.MessageTemplate;
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
import io.agentledger.command.channel.platform.SendResult.RateLimited;
import io.agentledger.command.channel.platform.SendResult.Rejected;
import io.agentledger.command.channel.platform.SendResult.Sent;
import io.agentledger.command.channel.platform.markup.WhatsAppMarkup;
import io.agentledger.command.support.outbound.OutboundRequest;
import io.agentledger.command.support.outbound.OutboundResponse;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** WhatsApp by Twilio's Messages API. */
public final class TwilioPlatform implements Platform {
  static final String ACCOUNT = "account_sid";
  static final String FROM = "from";
  static final String SERVICE = "messaging_service_sid";
  static final String ADDRESS_PREFIX = "whatsapp:";
  private static final Pattern CONTENT_SID = Pattern.compile("HX[0-9a-fA-F]{32}");
  private static final String TOKEN = "auth_token";
  private static final int TEXT_MAX = 1_600;
  private static final long MEDIA_BYTES_MAX = 16_000_000;
  private static final int FAULT = 500;

  /** Codes of errors for limits of the account and of the number. */
  private static final Set<String> LIMITS = Set.of("20429", "63018", "14107");

  private static final PlatformDescription DESCRIPTION =
      new PlatformDescription(
          "whatsapp_twilio",
          "WhatsApp (Twilio)",
          "https://api.twilio.com",
          "",
          "https://www.twilio.com/docs/whatsapp/api",
          List.of(
              PlatformField.requiredSetting(
                  ACCOUNT,
                  "SID of the account.",
                  "AC and 32 hexadecimal digits",
                  "AC[0-9a-f]{32}",
                  "AC0123456789abcdef0123456789abcdef"),
              PlatformField.optionalSetting(
                  FROM,
                  "WhatsApp number that sends; this or messaging_service_sid.",
                  "a number with + and 5 to 15 digits",
                  "\\+[0-9]{5,15}",
                  "+14155238886"),
              PlatformField.optionalSetting(
                  SERVICE,
                  "SID of the messaging service that sends; this or from.",
                  "MG and 32 hexadecimal digits",
                  "MG[0-9a-f]{32}",
                  "MG0123456789abcdef0123456789abcdef")),
          List.of(
              PlatformField.requiredCredential(
                  TOKEN,
                  "Auth token of the account, which also signs webhooks.",
                  "Console, account info"),
              PlatformField.optionalCredential(
                  TOKEN + ChannelAccount.PREVIOUS,
                  "Auth token that is being replaced.",
                  "the former primary token")),
          new PlatformLimits(
              TEXT_MAX,
              MEDIA_BYTES_MAX,
              List.of("image/jpeg", "image/png", "audio/*", "video/mp4", "application/pdf"),
              80,
              Duration.ofSeconds(1),
              Duration.ofHours(24)),
          Set.of(
              Capability.DELIVERY_RECEIPTS,
              Capability.READ_RECEIPTS,
              Capability.TEMPLATES,
              Capability.MEDIA_BY_URL));

  private final PlatformClient client;
  private final TwilioWebhook webhook;

  public TwilioPlatform(PlatformClient client, Clock clock) {
    this.client = client;
    this.webhook = new TwilioWebhook(clock);
  }

  @Override
  public PlatformDescription description() {
    return DESCRIPTION;
  }

  @Override
  public List<FieldFault> validate(Map<String, String> settings, Set<String> credentials) {
    var faults = new ArrayList<>(Platform.super.validate(settings, credentials));
    if (settings.containsKey(FROM) == settings.containsKey(SERVICE))
      faults.add(new FieldFault("settings", FROM, "or " + SERVICE + " must be set, but not both"));
    return List.copyOf(faults);
  }

  @Override
  public boolean hasCredentials(PlatformRequest request, Instant now) {
    return !request.header(TwilioSignature.HEADER).isEmpty();
  }

  @Override
  public boolean verify(ChannelAccount account, PlatformRequest request, Instant now) {
    return TwilioSignature.verify(account.webhookUrl(), request, account.secrets(TOKEN));
  }

  @Override
  public List<InboundItem> read(ChannelAccount account, PlatformRequest request) {
    return webhook.read(account, request);
  }

  @Override
  public List<OutboundPart> divide(OutboundMessage message) {
    return MessageParts.of(message, new WhatsAppMarkup().divide(message.markdown(), TEXT_MAX));
  }

  @Override
  public SendResult send(ChannelAccount account, OutboundPart part) {
    if (!part.contactAddress().matches("\\+[0-9]{5,15}"))
      return new Rejected("The address of the contact is not a number with + and 5 to 15 digits.");
    var form = new LinkedHashMap<String, String>();
    form.put("To", ADDRESS_PREFIX + part.contactAddress());
    if (account.setting(SERVICE).isEmpty())
      form.put("From", ADDRESS_PREFIX + account.setting(FROM));
    else form.put("MessagingServiceSid", account.setting(SERVICE));
    form.put("StatusCallback", account.webhookUrl());
    switch (part.content()) {
      case Content.Text(var markup) -> form.put("Body", markup);
      case Content.Template(var template) -> addTemplate(form, template);
      case Content.File(var media) -> {
        if (media.publicUrl().isEmpty())
          return new Rejected("Twilio fetches files by a public URL, and this file has none.");
        form.put("MediaUrl", media.publicUrl());
      }
    }
    return client.send(
        request(
            account,
            "POST",
            path(account) + "/Messages.json",
            Map.of("Content-Type", "application/x-www-form-urlencoded"),
            Hmac.utf8(FormParameters.encode(form))),
        TwilioPlatform::result);
  }

  private static void addTemplate(Map<String, String> form, MessageTemplate template) {
    var variables = new LinkedHashMap<String, String>();
    for (var parameter : template.parameters())
      variables.put(Integer.toString(variables.size() + 1), parameter);
    form.put("ContentSid", template.name());
    form.put(
        "ContentVariables",
        new String(PlatformJson.write(variables), java.nio.charset.StandardCharsets.UTF_8));
  }

  private static Optional<SendResult> result(OutboundResponse response) {
    var body = PlatformJson.read(response);
    if (PlatformClient.isSuccess(response)) {
      var sid = PlatformJson.text(body, "sid");
      return sid.isEmpty() ? Optional.empty() : Optional.of(new Sent(sid));
    }
    var code = PlatformJson.text(body, "code");
    if (LIMITS.contains(code))
      return Optional.of(new RateLimited(PlatformClient.retryAfter(response)));
    if (code.isEmpty() || response.status() >= FAULT) return Optional.empty();
    return Optional.of(
        new Rejected(
            "Twilio refuses the message: "
                + PlatformJson.line(PlatformJson.text(body, "message"))
                + " ("
                + PlatformJson.line(code)
                + ")."));
  }

  /** Fetches media with the account's credentials, which only Twilio's API gets. */
  @Override
  public MediaResult fetchMedia(ChannelAccount account, MediaReference reference, long bytesMax) {
    if (!PlatformClient.hasSameOrigin(reference.id(), account.apiUrl(DESCRIPTION)))
      return new MediaResult.Refused("The address of the file is not one of Twilio's API.");
    return client.fetch(
        request(account, "GET", reference.id(), Map.of(), new byte[0]), reference, bytesMax);
  }

  @Override
  public Optional<String> findInstallationFault(String publicUrl) {
    return publicUrl.isEmpty()
        ? Optional.of(
            "must not be whatsapp_twilio until an operator has set agentledger.channels.public-url:"
                + " Twilio signs the public URL of this service, so no webhook could be verified")
        : Optional.empty();
  }

  @Override
  public Optional<String> findTemplateFault(String name, String language) {
    return CONTENT_SID.matcher(name).matches()
        ? Optional.empty()
        : Optional.of("the name of a template is its content SID, HX and 32 hexadecimal digits");
  }

  @Override
  public ConnectionTest test(ChannelAccount account) {
    if (!account.webhookUrl().startsWith("http"))
      return ConnectionTest.failed(
          "Twilio signs the public URL of this service, which is not set: an operator has to set"
              + " agentledger.channels.public-url.");
    return client.test(
        request(account, "GET", path(account) + ".json", Map.of(), new byte[0]),
        body -> {
          var status = PlatformJson.text(body, "status");
          return status.equals("active")
              ? ConnectionTest.passed(PlatformJson.line(PlatformJson.text(body, "friendly_name")))
              : ConnectionTest.failed(
                  status.isEmpty()
                      ? "The response is not one of Twilio's API. Check api_url."
                      : "The account is not active, but " + PlatformJson.line(status) + ".");
        });
  }

  private static String path(ChannelAccount account) {
    return account.apiUrl(DESCRIPTION) + "/2010-04-01/Accounts/" + account.setting(ACCOUNT);
  }

  private static OutboundRequest request(
      ChannelAccount account, String method, String url, Map<String, String> headers, byte[] body) {
    var all = new HashMap<>(headers);
    var login = account.setting(ACCOUNT) + ":" + account.credential(TOKEN);
    all.put("Authorization", "Basic " + Base64.getEncoder().encodeToString(Hmac.utf8(login)));
    return new OutboundRequest(method, url, all, body);
  }
}
