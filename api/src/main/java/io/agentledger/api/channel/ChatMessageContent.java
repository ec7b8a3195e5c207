package io.agentledger.api.channel;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Content of a message, sealed in its event as JSON.
 *
 * @param text plain text of a contact, CommonMark of users and agents; empty for none
 * @param unsupported name of content that is not shown, such as {@code location}; empty for none
 * @param template sent instead of the text; null for none
 */
public record ChatMessageContent(
    String text, String unsupported, List<Media> media, @Nullable Template template) {
  public static final int TEXT_LENGTH_MAX = 20_000;
  public static final int MEDIA_MAX = 10;

  /** Maximum length of the base64 of all files that a message sends. */
  public static final int MEDIA_LENGTH_MAX = 7_000_000;

  public static final int PARAMETERS_MAX = 20;

  public ChatMessageContent {
    media = List.copyOf(media);
  }

  /** Creates the content of a text. */
  public static ChatMessageContent ofText(String text) {
    return new ChatMessageContent(text, "", List.of(), null);
  }

  /**
   * File of a message.
   *
   * @param reference id or URL of the file at the platform; empty for one that is sent
   * @param name empty if unknown
   * @param declaredType media type that the platform states; empty if it states none
   */
  public record Media(String reference, String name, String declaredType) {}

  /**
   * Template that the platform has approved.
   *
   * @param language empty if the template has one only
   */
  public record Template(String name, String language, List<String> parameters) {
    public Template {
      parameters = List.copyOf(parameters);
    }
  }

  /** Contains no content. */
  @Override
  public String toString() {
    return "ChatMessageContent[" + media.size() + " media]";
  }
}
