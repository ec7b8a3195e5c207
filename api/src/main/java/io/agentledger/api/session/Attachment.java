package io.agentledger.api.session;

import io.agentledger.api.shared.WireNamed;
import java.util.List;
import java.util.Locale;

/**
 * An image or a document of a prompt, in the format of the Messages API.
 *
 * @param mediaType one of {@link AttachmentType#mediaTypes}
 * @param title title of a document; empty: none
 * @param data base64; for a text document, the text itself
 */
public record Attachment(AttachmentType type, String mediaType, String title, String data) {
  /** Maximum number of attachments of one prompt. */
  public static final int COUNT_MAX = 20;

  /**
   * Maximum length of all data of one prompt, in characters; it keeps the lines of the CLI's
   * journal readable.
   */
  public static final int LENGTH_MAX = 7_000_000;

  public static final String TEXT = "text/plain";

  /** Kind of an attachment. */
  public enum AttachmentType implements WireNamed {
    IMAGE(List.of("image/png", "image/jpeg", "image/gif", "image/webp")),
    DOCUMENT(List.of("application/pdf", TEXT));

    private final List<String> mediaTypes;

    AttachmentType(List<String> mediaTypes) {
      this.mediaTypes = mediaTypes;
    }

    public List<String> mediaTypes() {
      return mediaTypes;
    }

    @Override
    public String wireName() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * Description of an attachment without its data, as events contain it.
   *
   * @param length length of the data, in characters
   */
  public record Label(AttachmentType type, String mediaType, int length) {}
}
