package io.agentledger.command.channel.platform.slack;

import io.agentledger.command.channel.platform.InboundItem;
import io.agentledger.command.channel.platform.InboundItem.InboundMessage;
import io.agentledger.command.channel.platform.MediaReference;
import io.agentledger.command.channel.platform.PlatformJson;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/**
 * Reads events of Slack: messages of people in channels and direct messages. The address is the id
 * of the channel, for a thread with a slash and the time of its first message. Messages of bots,
 * edits and other events are not read.
 */
final class SlackEvents {
  private static final Set<String> SUBTYPES = Set.of("", "file_share", "thread_broadcast");

  /** {@code <url|text>}, {@code <url>}, {@code <@user>}, {@code <#channel|name>}. */
  private static final Pattern REFERENCE = Pattern.compile("<([^<>|]{1,2000})(?:\\|([^<>]*))?>");

  private final Clock clock;

  SlackEvents(Clock clock) {
    this.clock = clock;
  }

  List<InboundItem> read(String team, JsonNode body) {
    var event = body.path("event");
    boolean isOurs = team.isEmpty() || PlatformJson.text(body, "team_id").equals(team);
    boolean isMessage =
        PlatformJson.text(body, "type").equals("event_callback")
            && PlatformJson.text(event, "type").equals("message")
            && SUBTYPES.contains(PlatformJson.text(event, "subtype"));
    boolean isBot = event.has("bot_id") || event.has("bot_profile") || event.has("app_id");
    var channel = PlatformJson.text(event, "channel");
    var time = PlatformJson.text(event, "ts");
    var user = PlatformJson.text(event, "user");
    if (!isOurs || !isMessage || isBot || user.isEmpty() || channel.isEmpty() || time.isEmpty())
      return List.of();
    var thread = PlatformJson.text(event, "thread_ts");
    var text = plain(PlatformJson.text(event, "text"));
    var media = media(event);
    boolean isShown = !text.isEmpty() || !media.isEmpty();
    return List.of(
        new InboundMessage(
            channel + ":" + time,
            thread.isEmpty() ? channel : channel + "/" + thread,
            user,
            text,
            media,
            isShown ? "" : "unknown",
            PlatformJson.seconds(time, clock.instant())));
  }

  /** Returns the text without Slack's escapes; a reference becomes its text and address. */
  private static String plain(String text) {
    return REFERENCE
        .matcher(text)
        .replaceAll(
            found -> {
              var target = found.group(1);
              var label = found.group(2);
              if (label == null || label.isEmpty() || label.equals(target))
                return java.util.regex.Matcher.quoteReplacement(target);
              return java.util.regex.Matcher.quoteReplacement(
                  target.startsWith("http") ? label + " (" + target + ")" : label);
            })
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&amp;", "&");
  }

  private static List<MediaReference> media(JsonNode event) {
    var media = new ArrayList<MediaReference>();
    for (var file : event.path("files")) {
      var url = PlatformJson.text(file, "url_private_download");
      if (url.isEmpty()) url = PlatformJson.text(file, "url_private");
      if (!url.isEmpty())
        media.add(
            new MediaReference(
                url, PlatformJson.text(file, "name"), PlatformJson.text(file, "mimetype")));
    }
    return media;
  }
}
