package io.agentledger.command.channel.platform;

import io.agentledger.command.channel.platform.OutboundPart.Content;
import java.util.ArrayList;
import java.util.List;

/** Parts of messages, in the order text, files; or a template alone. */
public final class MessageParts {
  private MessageParts() {}

  /**
   * Returns the parts of a message.
   *
   * @param texts texts of the message in the platform's markup
   */
  public static List<OutboundPart> of(OutboundMessage message, List<String> texts) {
    var contents = new ArrayList<Content>();
    var template = message.template();
    if (template != null) contents.add(new Content.Template(template));
    else {
      texts.forEach(text -> contents.add(new Content.Text(text)));
      message.media().forEach(media -> contents.add(new Content.File(media)));
    }
    var parts = new ArrayList<OutboundPart>();
    for (var content : contents)
      parts.add(
          new OutboundPart(message.id() + "." + parts.size(), message.contactAddress(), content));
    return List.copyOf(parts);
  }
}
