package io.agentledger.command.channel.platform.whatsapp;

import io.agentledger.command.channel.platform.InboundItem;
import io.agentledger.command.channel.platform.InboundItem.DeliveryReport;
import io.agentledger.command.channel.platform.InboundItem.InboundMessage;
import io.agentledger.command.channel.platform.InboundItem.InboundStatus;
import io.agentledger.command.channel.platform.MediaReference;
import io.agentledger.command.channel.platform.PlatformJson;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** Reads webhooks of the Cloud API, which can contain changes of several phone numbers. */
final class CloudWebhook {
  private static final Set<String> MEDIA = Set.of("image", "audio", "video", "document", "sticker");

  private static final Map<String, DeliveryReport> STATUSES =
      Map.of(
          "sent", DeliveryReport.SENT,
          "delivered", DeliveryReport.DELIVERED,
          "read", DeliveryReport.READ,
          "failed", DeliveryReport.FAILED);

  private final Clock clock;

  CloudWebhook(Clock clock) {
    this.clock = clock;
  }

  List<InboundItem> read(String phoneNumberId, JsonNode body) {
    var items = new ArrayList<InboundItem>();
    for (var entry : body.path("entry"))
      for (var change : entry.path("changes")) {
        var value = change.path("value");
        var number = PlatformJson.text(value.path("metadata"), "phone_number_id");
        if (!PlatformJson.text(change, "field").equals("messages")) continue;
        if (!number.equals(phoneNumberId)) continue;
        for (var message : value.path("messages")) addMessage(items, message, value);
        for (var status : value.path("statuses")) addStatus(items, status);
      }
    return List.copyOf(items);
  }

  private void addMessage(List<InboundItem> items, JsonNode message, JsonNode value) {
    var id = PlatformJson.text(message, "id");
    var from = PlatformJson.text(message, "from");
    if (id.isEmpty() || from.isEmpty()) return;
    var type = PlatformJson.text(message, "type");
    var text = text(type, message);
    var media = new ArrayList<MediaReference>();
    if (MEDIA.contains(type)) {
      var file = message.path(type);
      text = PlatformJson.text(file, "caption");
      media.add(
          new MediaReference(
              PlatformJson.text(file, "id"),
              PlatformJson.text(file, "filename"),
              PlatformJson.text(file, "mime_type")));
    }
    boolean isShown = !text.isEmpty() || !media.isEmpty();
    items.add(
        new InboundMessage(
            id,
            from,
            name(from, value),
            text,
            media,
            isShown ? "" : type.isEmpty() ? "unknown" : PlatformJson.line(type),
            PlatformJson.seconds(PlatformJson.text(message, "timestamp"), clock.instant())));
  }

  private static String text(String type, JsonNode message) {
    return switch (type) {
      case "text" -> PlatformJson.text(message.path("text"), "body");
      case "button" -> PlatformJson.text(message.path("button"), "text");
      case "interactive" -> {
        var reply = message.path("interactive");
        var button = PlatformJson.text(reply.path("button_reply"), "title");
        yield button.isEmpty() ? PlatformJson.text(reply.path("list_reply"), "title") : button;
      }
      default -> "";
    };
  }

  private static String name(String from, JsonNode value) {
    for (var contact : value.path("contacts"))
      if (PlatformJson.text(contact, "wa_id").equals(from))
        return PlatformJson.text(contact.path("profile"), "name");
    return "";
  }

  private void addStatus(List<InboundItem> items, JsonNode status) {
    var id = PlatformJson.text(status, "id");
    var report = STATUSES.get(PlatformJson.text(status, "status"));
    if (id.isEmpty() || report == null) return;
    var error = status.path("errors").path(0);
    var failure =
        report == DeliveryReport.FAILED
            ? PlatformJson.line(
                PlatformJson.text(error, "title") + " (" + PlatformJson.text(error, "code") + ")")
            : "";
    items.add(
        new InboundStatus(
            id,
            report,
            failure,
            PlatformJson.seconds(PlatformJson.text(status, "timestamp"), clock.instant())));
  }
}
