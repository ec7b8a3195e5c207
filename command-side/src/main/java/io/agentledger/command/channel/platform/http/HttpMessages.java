package io.agentledger.command.channel.platform.http;

import io.agentledger.command.channel.platform.InboundItem;
import io.agentledger.command.channel.platform.InboundItem.DeliveryReport;
import io.agentledger.command.channel.platform.InboundItem.InboundMessage;
import io.agentledger.command.channel.platform.InboundItem.InboundStatus;
import io.agentledger.command.channel.platform.MediaReference;
import io.agentledger.command.channel.platform.PlatformJson;
import io.agentledger.command.channel.platform.UnreadableRequestException;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** Reads bodies of the generic platform: a message or a status each. */
final class HttpMessages {
  private static final int MEDIA_MAX = 10;

  private static final Map<String, DeliveryReport> STATUSES =
      Map.of(
          "sent", DeliveryReport.SENT,
          "delivered", DeliveryReport.DELIVERED,
          "read", DeliveryReport.READ,
          "failed", DeliveryReport.FAILED);

  private final Clock clock;

  HttpMessages(Clock clock) {
    this.clock = clock;
  }

  List<InboundItem> read(JsonNode body) {
    return switch (PlatformJson.text(body, "type")) {
      case "message" -> List.of(message(body));
      case "status" -> List.of(status(body));
      default -> throw new UnreadableRequestException("type must be message or status.");
    };
  }

  private InboundMessage message(JsonNode body) {
    var media = new ArrayList<MediaReference>();
    for (var file : body.path("media")) {
      if (media.size() == MEDIA_MAX)
        throw new UnreadableRequestException("media must have at most 10 files.");
      media.add(
          new MediaReference(
              required(file, "url", "media url"),
              PlatformJson.text(file, "name"),
              PlatformJson.text(file, "media_type")));
    }
    var text = PlatformJson.text(body, "text");
    if (text.isEmpty() && media.isEmpty())
      throw new UnreadableRequestException("text or media must be set.");
    var contact = body.path("contact");
    return new InboundMessage(
        id(body),
        limited(required(contact, "address", "contact.address"), "contact.address"),
        PlatformJson.text(contact, "name"),
        text,
        media,
        "",
        time(body, "sent_at"));
  }

  private InboundStatus status(JsonNode body) {
    var report = STATUSES.get(PlatformJson.text(body, "status"));
    if (report == null)
      throw new UnreadableRequestException("status must be sent, delivered, read or failed.");
    return new InboundStatus(
        id(body), report, PlatformJson.line(PlatformJson.text(body, "error")), time(body, "at"));
  }

  private static String id(JsonNode body) {
    return limited(required(body, "message_id", "message_id"), "message_id");
  }

  private static String required(JsonNode object, String name, String shown) {
    var value = PlatformJson.text(object, name);
    if (value.isEmpty()) throw new UnreadableRequestException(shown + " must be set.");
    return value;
  }

  private static String limited(String value, String shown) {
    if (value.length() > InboundItem.ID_LENGTH_MAX)
      throw new UnreadableRequestException(
          shown + " must have at most " + InboundItem.ID_LENGTH_MAX + " characters.");
    return value;
  }

  private Instant time(JsonNode body, String name) {
    var value = PlatformJson.text(body, name);
    try {
      return value.isEmpty() ? clock.instant() : Instant.parse(value);
    } catch (DateTimeException e) {
      throw new UnreadableRequestException(name + " must be a time, as 2026-01-31T12:00:00Z.");
    }
  }
}
