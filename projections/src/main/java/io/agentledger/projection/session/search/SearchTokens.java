package io.agentledger.projection.session.search;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import javax.crypto.Mac;
import javax.crypto.SecretKey;

/**
 * Computes the tokens of words in one session: the first 8 bytes of the HMAC-SHA256 of the word
 * under the session's search key. The same word has other tokens in other sessions. Two words of a
 * session may have the same token, which is so improbable that it only costs time: what the index
 * finds is compared with the text. Not thread-safe.
 */
public final class SearchTokens {
  private final Mac mac;

  /** Creates the tokens of the session that the key belongs to. */
  public SearchTokens(SecretKey searchKey) {
    try {
      mac = Mac.getInstance("HmacSHA256");
      mac.init(searchKey);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Returns the token of a word. */
  public long of(String word) {
    return ByteBuffer.wrap(mac.doFinal(word.getBytes(StandardCharsets.UTF_8))).getLong();
  }
}
