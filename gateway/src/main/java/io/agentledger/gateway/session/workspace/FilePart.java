package io.agentledger.gateway.session.workspace;

import io.agentledger.api.workspace.FileView;
import io.agentledger.gateway.support.platform.PlatformResource;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * A part of a file.
 *
 * @param nextOffset first byte of the next part; null at the end of the file
 * @param encoding {@code utf-8}, or {@code base64} if the part is no text
 */
record FilePart(
    String path,
    long sizeBytes,
    long offset,
    @Nullable Long nextOffset,
    String encoding,
    String content)
    implements PlatformResource.Blob {
  private static final String TEXT = "utf-8";
  private static final int CHARACTER_BYTES_MAX = 4;

  /** Returns the part that begins at the offset; the last character of a text is never divided. */
  static FilePart of(FileView file, long offset, byte[] bytes) {
    boolean isLast = offset + bytes.length >= file.sizeBytes();
    int shortest = isLast ? bytes.length : Math.max(0, bytes.length - CHARACTER_BYTES_MAX + 1);
    for (int length = bytes.length; length >= shortest; length--) {
      var text = decode(bytes, length);
      if (text != null && (length > 0 || isLast)) return create(file, offset, length, TEXT, text);
    }
    var base64 = Base64.getEncoder().encodeToString(bytes);
    return create(file, offset, bytes.length, "base64", base64);
  }

  private static FilePart create(
      FileView file, long offset, int length, String encoding, String content) {
    long next = offset + length;
    return new FilePart(
        file.path(),
        file.sizeBytes(),
        offset,
        next < file.sizeBytes() && length > 0 ? next : null,
        encoding,
        content);
  }

  private static @Nullable String decode(byte[] bytes, int length) {
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(bytes, 0, length))
          .toString();
    } catch (CharacterCodingException binary) {
      return null;
    }
  }

  @Override
  public boolean isText() {
    return encoding.equals(TEXT);
  }
}
