package io.agentledger.command.channel.platform;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Message to a contact.
 *
 * @param id id of the message; the same when it is sent again
 * @param markdown CommonMark; empty for a message of media only or of a template
 * @param template sent instead of the text; null for none
 */
public record OutboundMessage(
    String id,
    String contactAddress,
    String markdown,
    List<OutboundMedia> media,
    @Nullable MessageTemplate template) {
  public OutboundMessage {
    media = List.copyOf(media);
  }

  /**
   * File to send.
   *
   * @param publicUrl URL that the platform can fetch the file from without credentials; empty if
   *     there is none
   */
  public record OutboundMedia(MediaContent content, String publicUrl) {}

  /**
   * Template that the platform has approved.
   *
   * @param name name or id of the template
   * @param language code of the language; empty if the template has one only
   * @param parameters values in the order of the template's placeholders
   */
  public record MessageTemplate(String name, String language, List<String> parameters) {
    public MessageTemplate {
      parameters = List.copyOf(parameters);
    }
  }

  @Override
  public String toString() {
    return "OutboundMessage[" + id + "]";
  }
}
