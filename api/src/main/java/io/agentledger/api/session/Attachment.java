package io.agentledger.api.session;

import io.agentledger.api.shared.WireNamed;
import java.util.List;
import java.util.Locale;

/**
 * An image or a document that goes with a prompt, as the Messages API takes it.
 *
 * @param mediaType one of {@link AttachmentType#mediaTypes}
 * @param title of a document; empty: none
 * @param data base64, of a document of text the text itself
 */
public record Attachment(AttachmentType type, String mediaType, String title, String data) {
  /** How many go with one prompt. */
  public static final int COUNT_MAX = 20;

  /** All data of one prompt, in characters: the CLI's own lines must stay readable. */
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
   * One as the record names it, without what is in it.
   *
   * @param length of its data, in characters
   */
  public record Label(AttachmentType type, String mediaType, int length) {}
}
