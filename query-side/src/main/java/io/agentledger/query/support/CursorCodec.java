package io.agentledger.query.support;

import io.agentledger.api.shared.Page;
import io.agentledger.api.shared.PageRequest;
import io.agentledger.api.shared.Rejection;
import io.agentledger.api.shared.RejectionException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.springframework.data.domain.Limit;

/**
 * Encodes positions in lists as opaque cursors. Each is authenticated together with its list (type,
 * tenant, filters): a cursor that was changed, or belongs to another list, is rejected.
 */
public final class CursorCodec {
  private static final String ALGORITHM = "HmacSHA256";
  private static final int MAC_BYTES = 16;
  private static final int LENGTH_MAX = 512;

  private final SecretKeySpec key;

  /**
   * Creates the codec.
   *
   * @param secret at least 32 bytes
   */
  public CursorCodec(byte[] secret) {
    if (secret.length < 32) throw new IllegalArgumentException("a key has 32 bytes or more");
    this.key = new SecretKeySpec(secret, ALGORITHM);
  }

  /**
   * Returns the cursor of a position.
   *
   * @param cursorScope values that identify the list, including its filters
   */
  public String encode(String position, String... cursorScope) {
    byte[] text = position.getBytes(StandardCharsets.UTF_8);
    byte[] signed =
        ByteBuffer.allocate(MAC_BYTES + text.length).put(mac(text, cursorScope)).put(text).array();
    return Base64.getUrlEncoder().withoutPadding().encodeToString(signed);
  }

  /** Returns the position of the request; empty for the first page. */
  public Optional<String> decode(PageRequest request, String... cursorScope) {
    String cursor = request.cursor();
    if (cursor == null) return Optional.empty();
    byte[] signed = decodeBase64(cursor);
    byte[] text = Arrays.copyOfRange(signed, MAC_BYTES, signed.length);
    if (!MessageDigest.isEqual(Arrays.copyOf(signed, MAC_BYTES), mac(text, cursorScope)))
      throw invalidCursor();
    return Optional.of(new String(text, StandardCharsets.UTF_8));
  }

  /**
   * Returns the limit of rows for a page: one more than the page has, to detect whether there is a
   * next page.
   */
  public static Limit limitPlusOne(PageRequest request) {
    return Limit.of(request.limit() + 1);
  }

  /**
   * Creates a page of rows.
   *
   * @param rows as many as {@link #limitPlusOne}, if there are enough
   * @param toPosition of a row in the list; its text is the content of the cursor
   */
  public <R> Page<R> page(
      List<R> rows, PageRequest request, Function<R, ?> toPosition, String... cursorScope) {
    if (rows.size() <= request.limit()) return new Page<>(rows, null);
    var items = rows.subList(0, request.limit());
    return new Page<>(
        items, encode(String.valueOf(toPosition.apply(items.getLast())), cursorScope));
  }

  private static byte[] decodeBase64(String cursor) {
    if (cursor.length() > LENGTH_MAX) throw invalidCursor();
    try {
      byte[] signed = Base64.getUrlDecoder().decode(cursor);
      if (signed.length < MAC_BYTES) throw invalidCursor();
      return signed;
    } catch (IllegalArgumentException e) {
      throw invalidCursor();
    }
  }

  private byte[] mac(byte[] text, String... cursorScope) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(key);
      for (String part : cursorScope) {
        byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
        mac.update(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).flip());
        mac.update(bytes);
      }
      mac.update(new byte[Integer.BYTES]);
      return Arrays.copyOf(mac.doFinal(text), MAC_BYTES);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static RejectionException invalidCursor() {
    return new RejectionException(new Rejection.InvalidCursor());
  }
}
