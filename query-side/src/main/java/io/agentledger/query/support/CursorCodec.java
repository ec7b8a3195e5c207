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
 * Places in lists, opaque to whoever holds them. Each is authenticated together with the list that
 * it is of (kind, tenant, filters): one that was changed, or is of another list, is refused.
 */
public final class CursorCodec {
  private static final String ALGORITHM = "HmacSHA256";
  private static final int MAC_BYTES = 16;
  private static final int LENGTH_MAX = 512;

  private final SecretKeySpec key;

  /**
   * @param secret at least 32 bytes
   */
  public CursorCodec(byte[] secret) {
    if (secret.length < 32) throw new IllegalArgumentException("a key has 32 bytes or more");
    this.key = new SecretKeySpec(secret, ALGORITHM);
  }

  /**
   * The cursor of a place.
   *
   * @param list what identifies the list, its filters included
   */
  public String encode(String place, String... list) {
    byte[] text = place.getBytes(StandardCharsets.UTF_8);
    byte[] sealed =
        ByteBuffer.allocate(MAC_BYTES + text.length).put(mac(text, list)).put(text).array();
    return Base64.getUrlEncoder().withoutPadding().encodeToString(sealed);
  }

  /** The place that the request goes on behind; empty when it begins at the beginning. */
  public Optional<String> place(PageRequest request, String... list) {
    String cursor = request.cursor();
    if (cursor == null) return Optional.empty();
    byte[] sealed = decoded(cursor);
    byte[] text = Arrays.copyOfRange(sealed, MAC_BYTES, sealed.length);
    if (!MessageDigest.isEqual(Arrays.copyOf(sealed, MAC_BYTES), mac(text, list)))
      throw invalidCursor();
    return Optional.of(new String(text, StandardCharsets.UTF_8));
  }

  /** What to read for a page: one row more than is shown tells whether there is another. */
  public static Limit oneMore(PageRequest request) {
    return Limit.of(request.limit() + 1);
  }

  /**
   * The page that rows begin.
   *
   * @param rows as many as {@link #oneMore} says, if there are
   * @param place of a row in the list; its text is what the cursor keeps
   */
  public <R> Page<R> page(List<R> rows, PageRequest request, Function<R, ?> place, String... list) {
    if (rows.size() <= request.limit()) return new Page<>(rows, null);
    var items = rows.subList(0, request.limit());
    return new Page<>(items, encode(String.valueOf(place.apply(items.getLast())), list));
  }

  private static byte[] decoded(String cursor) {
    if (cursor.length() > LENGTH_MAX) throw invalidCursor();
    try {
      byte[] sealed = Base64.getUrlDecoder().decode(cursor);
      if (sealed.length < MAC_BYTES) throw invalidCursor();
      return sealed;
    } catch (IllegalArgumentException notBase64) {
      throw invalidCursor();
    }
  }

  private byte[] mac(byte[] text, String... list) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(key);
      for (String part : list) {
        byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
        mac.update(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).flip());
        mac.update(bytes);
      }
      mac.update(new byte[Integer.BYTES]);
      return Arrays.copyOf(mac.doFinal(text), MAC_BYTES);
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private static RejectionException invalidCursor() {
    return new RejectionException(new Rejection.InvalidCursor());
  }
}
