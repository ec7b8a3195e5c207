package io.agentledger.projection.session.search;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.util.HashMap;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import org.jspecify.annotations.Nullable;

/**
 * Computes the tokens of words in sessions: the first {@link #BITS} bits of the HMAC-SHA256 of the
 * word under the session's search key. The same word has other tokens in other sessions. Two words
 * of a session may have the same token, which is so improbable that it only costs time: what the
 * index finds is compared with the text. Not thread-safe; use one for many sessions, because to
 * find the algorithm takes many times as long as a token.
 */
public final class SearchTokens {
  private static final int BITS = 37;

  /** Words whose tokens are kept; most words of a text are repeated in it. */
  private static final int KEPT_MAX = 10_000;

  private final Mac mac;
  private final Map<String, Long> kept = new HashMap<>();
  private @Nullable SecretKey key;

  public SearchTokens() {
    try {
      mac = Mac.getInstance("HmacSHA256");
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Returns the token of a word in the session that the search key belongs to. */
  public long of(SecretKey searchKey, String word) {
    if (searchKey != key) {
      try {
        mac.init(searchKey);
      } catch (InvalidKeyException e) {
        throw new IllegalStateException(e);
      }
      key = searchKey;
      kept.clear();
    }
    if (kept.size() == KEPT_MAX) kept.clear();
    return kept.computeIfAbsent(word, this::compute);
  }

  private long compute(String word) {
    var digest = ByteBuffer.wrap(mac.doFinal(word.getBytes(StandardCharsets.UTF_8)));
    return digest.getLong() >>> Long.SIZE - BITS;
  }

  /** Returns the part of a token that selects the row of a session. */
  static int bucket(long token) {
    return (int) (token >>> Integer.SIZE);
  }

  /** Returns the part of a token that is stored in the row. */
  static int stored(long token) {
    return (int) token;
  }
}
