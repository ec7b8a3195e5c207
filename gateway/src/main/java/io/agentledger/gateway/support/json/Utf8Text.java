package io.agentledger.gateway.support.json;

import io.agentledger.gateway.support.problem.InvalidRequestException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.springframework.core.io.buffer.DataBuffer;

/** Decodes UTF-8 text (RFC 3629) strictly, without replacement of invalid bytes. */
public final class Utf8Text {
  private Utf8Text() {}

  /**
   * Decodes the bytes.
   *
   * @throws InvalidRequestException for invalid UTF-8
   */
  public static String decode(ByteBuffer bytes) {
    try {
      // Reports errors instead of replacing bytes.
      return StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
    } catch (CharacterCodingException exception) {
      throw InvalidRequestException.body("", "must be UTF-8");
    }
  }

  public static String decode(byte[] bytes) {
    return decode(ByteBuffer.wrap(bytes));
  }

  /** Copies the readable bytes of a buffer, whose position does not change. */
  public static ByteBuffer bytes(DataBuffer buffer) {
    var bytes = ByteBuffer.allocate(buffer.readableByteCount());
    buffer.toByteBuffer(bytes);
    return bytes;
  }

  /**
   * Returns whether the bytes can be JSON in UTF-8: other encodings of Unicode have zero bytes at
   * the beginning.
   */
  static boolean isJsonIn(ByteBuffer bytes) {
    for (int i = 0; i < Math.min(4, bytes.limit()); i++) if (bytes.get(i) == 0) return false;
    return isValid(bytes);
  }

  public static boolean isValid(ByteBuffer bytes) {
    try {
      decode(bytes);
      return true;
    } catch (InvalidRequestException exception) {
      return false;
    }
  }
}
