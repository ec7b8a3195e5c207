package io.agentledger.gateway.support.json;

import io.agentledger.gateway.support.problem.InvalidRequestException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.springframework.core.io.buffer.DataBuffer;

/** Text that came as bytes: UTF-8 as RFC 3629 has it, and never mended. */
public final class Utf8Text {
  private Utf8Text() {}

  /** What is no UTF-8 is an {@link InvalidRequestException}. */
  public static String decode(ByteBuffer bytes) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(bytes).toString(); // Reports, not replaces.
    } catch (CharacterCodingException exception) {
      throw InvalidRequestException.body("", "must be UTF-8");
    }
  }

  public static String decode(byte[] bytes) {
    return decode(ByteBuffer.wrap(bytes));
  }

  /** A copy of what can be read in a buffer, which stays as it is. */
  public static ByteBuffer bytes(DataBuffer buffer) {
    var bytes = ByteBuffer.allocate(buffer.readableByteCount());
    buffer.toByteBuffer(bytes);
    return bytes;
  }

  /** Whether it can be JSON in UTF-8: other forms of Unicode have zeros at the beginning. */
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
