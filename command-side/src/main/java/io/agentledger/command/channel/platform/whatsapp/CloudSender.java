package io.agentledger.command.channel.platform.whatsapp;

import io.agentledger.command.channel.platform.ChannelAccount;
import io.agentledger.command.channel.platform.MultipartBody;
import io.agentledger.command.channel.platform.OutboundMessage.MessageTemplate;
import io.agentledger.command.channel.platform.OutboundMessage.OutboundMedia;
import io.agentledger.command.channel.platform.OutboundPart;
import io.agentledger.command.channel.platform.OutboundPart.Content;
import io.agentledger.command.channel.platform.PlatformClient;
import io.agentledger.command.channel.platform.PlatformJson;
import io.agentledger.command.channel.platform.SendResult;
import io.agentledger.command.channel.platform.SendResult.RateLimited;
import io.agentledger.command.channel.platform.SendResult.Rejected;
import io.agentledger.command.channel.platform.SendResult.Sent;
import io.agentledger.command.channel.platform.SendResult.Unavailable;
import io.agentledger.command.support.outbound.OutboundRequest;
import io.agentledger.command.support.outbound.OutboundResponse;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Sends by the Cloud API. A file is uploaded first, and then sent by its id. */
final class CloudSender {
  /** Codes of errors for limits: of the app, the account, the number, and a contact. */
  private static final Set<String> LIMITS =
      Set.of("4", "80007", "130429", "131048", "131056", "133016");

  /** Codes of errors that are documented as temporary, with nothing sent. */
  private static final Set<String> TEMPORARY = Set.of("2", "131016", "131057", "133004");

  private static final int FAULT = 500;

  private final PlatformClient client;

  CloudSender(PlatformClient client) {
    this.client = client;
  }

  SendResult send(ChannelAccount account, OutboundPart part) {
    var to = part.contactAddress();
    if (!to.matches("[0-9]{5,20}"))
      return new Rejected("The address of the contact is not a WhatsApp id: digits only.");
    return switch (part.content()) {
      case Content.Text(var markup) ->
          send(account, to, "text", Map.of("body", markup, "preview_url", false));
      case Content.Template(var template) -> send(account, to, "template", of(template));
      case Content.File(var media) -> send(account, to, media);
    };
  }

  private SendResult send(ChannelAccount account, String to, OutboundMedia media) {
    var content = media.content();
    if (!CloudPlatform.DESCRIPTION.limits().acceptsMedia(content.mediaType()))
      return new Rejected(
          "WhatsApp does not accept files of the type " + content.mediaType() + ".");
    var body =
        new MultipartBody()
            .field("messaging_product", "whatsapp")
            .field("type", content.mediaType())
            .file("file", content);
    var headers = new HashMap<>(authorization(account));
    headers.put("Content-Type", body.contentType());
    var uploaded =
        PlatformClient.beforeSending(
            client.send(
                new OutboundRequest("POST", url(account, "media"), headers, body.toBytes()),
                response ->
                    result(response, PlatformJson.text(PlatformJson.read(response), "id"))));
    if (!(uploaded instanceof Sent(var mediaId))) return uploaded;
    var kind = kind(content.mediaType());
    Map<String, Object> file =
        kind.equals("document")
            ? Map.of("id", mediaId, "filename", content.name())
            : Map.of("id", mediaId);
    return send(account, to, kind, file);
  }

  private static String kind(String mediaType) {
    var kind = mediaType.replaceFirst("/.*", "");
    return Set.of("image", "audio", "video").contains(kind) ? kind : "document";
  }

  private static Map<String, Object> of(MessageTemplate template) {
    var parameters =
        template.parameters().stream()
            .map(parameter -> Map.of("type", "text", "text", parameter))
            .toList();
    var content = new HashMap<String, Object>();
    content.put("name", template.name());
    content.put("language", Map.of("code", template.language()));
    if (!parameters.isEmpty())
      content.put("components", List.of(Map.of("type", "body", "parameters", parameters)));
    return content;
  }

  private SendResult send(ChannelAccount account, String to, String type, Map<String, ?> content) {
    var request =
        post(
            account,
            Map.of(
                "messaging_product",
                "whatsapp",
                "recipient_type",
                "individual",
                "to",
                to,
                "type",
                type,
                type,
                content));
    return client.send(
        request,
        response ->
            result(
                response,
                PlatformJson.text(PlatformJson.read(response).path("messages").path(0), "id")));
  }

  private static Optional<SendResult> result(OutboundResponse response, String id) {
    if (PlatformClient.isSuccess(response))
      return id.isEmpty() ? Optional.empty() : Optional.of(new Sent(id));
    var error = PlatformJson.read(response).path("error");
    var code = PlatformJson.text(error, "code");
    if (LIMITS.contains(code))
      return Optional.of(new RateLimited(PlatformClient.retryAfter(response)));
    if (TEMPORARY.contains(code))
      return Optional.of(new Unavailable("WhatsApp cannot send now (error " + code + ")."));
    if (code.isEmpty() || response.status() >= FAULT) return Optional.empty();
    return Optional.of(
        new Rejected(
            "WhatsApp refuses the message: "
                + PlatformJson.line(PlatformJson.text(error, "message"))
                + "."));
  }

  OutboundRequest post(ChannelAccount account, Map<String, ?> body) {
    var headers = new HashMap<>(authorization(account));
    headers.put("Content-Type", "application/json");
    return new OutboundRequest("POST", url(account, "messages"), headers, PlatformJson.write(body));
  }

  OutboundRequest get(ChannelAccount account, String url) {
    return new OutboundRequest("GET", url, authorization(account), new byte[0]);
  }

  private static Map<String, String> authorization(ChannelAccount account) {
    return Map.of("Authorization", "Bearer " + account.credential(CloudPlatform.TOKEN));
  }

  private static String url(ChannelAccount account, String method) {
    return account.apiUrl(CloudPlatform.DESCRIPTION)
        + "/"
        + account.setting(CloudPlatform.PHONE)
        + "/"
        + method;
  }
}
