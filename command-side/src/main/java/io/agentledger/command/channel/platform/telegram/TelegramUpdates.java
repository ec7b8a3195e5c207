package io.agentledger.command.channel.platform.telegram;

import io.agentledger.command.channel.platform.InboundItem;
import io.agentledger.command.channel.platform.InboundItem.InboundMessage;
import io.agentledger.command.channel.platform.MediaReference;
import io.agentledger.command.channel.platform.PlatformJson;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** Reads updates of the Bot API: new messages of people. Edits and other updates are not read. */
final class TelegramUpdates {
  private static final List<String> FILES =
      List.of("document", "audio", "video", "voice", "video_note", "animation");

  /** Content that is named but not shown. */
  private static final List<String> UNSUPPORTED =
      List.of(
          "sticker", "location", "venue", "contact", "poll", "dice", "game", "story", "invoice");

  private final Clock clock;

  TelegramUpdates(Clock clock) {
    this.clock = clock;
  }

  /** Ids of messages are unique in a chat only. */
  static String messageId(String chat, String message) {
    return chat + ":" + message;
  }

  List<InboundItem> read(JsonNode update) {
    var message = update.path("message");
    var chat = PlatformJson.text(message.path("chat"), "id");
    var id = PlatformJson.text(message, "message_id");
    if (chat.isEmpty() || id.isEmpty() || message.path("from").path("is_bot").asBoolean(false))
      return List.of();
    var text = PlatformJson.text(message, "text");
    if (text.isEmpty()) text = PlatformJson.text(message, "caption");
    var media = media(message);
    var unsupported = unsupported(message);
    if (text.isEmpty() && media.isEmpty() && unsupported.isEmpty()) return List.of();
    return List.of(
        new InboundMessage(
            messageId(chat, id),
            chat,
            name(message.path("from")),
            text,
            media,
            unsupported,
            PlatformJson.seconds(PlatformJson.text(message, "date"), clock.instant())));
  }

  private static String name(JsonNode person) {
    return Stream.of("first_name", "last_name")
        .map(part -> PlatformJson.text(person, part))
        .filter(part -> !part.isEmpty())
        .collect(Collectors.joining(" "));
  }

  private static List<MediaReference> media(JsonNode message) {
    var media = new ArrayList<MediaReference>();
    var photos = message.path("photo"); // Of growing size.
    if (!photos.isEmpty()) add(media, photos.path(photos.size() - 1), "image/jpeg");
    for (var kind : FILES) {
      // An animation is also contained as a document.
      if (kind.equals("document") && message.has("animation")) continue;
      add(media, message.path(kind), "");
    }
    return media;
  }

  private static void add(List<MediaReference> media, JsonNode file, String type) {
    var id = PlatformJson.text(file, "file_id");
    var stated = PlatformJson.text(file, "mime_type");
    if (!id.isEmpty())
      media.add(
          new MediaReference(
              id, PlatformJson.text(file, "file_name"), stated.isEmpty() ? type : stated));
  }

  private static String unsupported(JsonNode message) {
    return UNSUPPORTED.stream().filter(message::has).findFirst().orElse("");
  }
}
