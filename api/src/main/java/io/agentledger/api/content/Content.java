package io.agentledger.api.content;

import io.agentledger.api.shared.Discriminated;
import io.agentledger.api.shared.StableName;
import java.util.Arrays;

/**
 * Personal content, sealed under the key of its subject and bound to one field of one event, so
 * that it can be erased. Nothing in {@code api} can create one from plain text.
 */
public sealed interface Content extends Discriminated {
  /** Largest plaintext, in bytes, that is stored in the event itself. */
  int INLINE_BYTES_MAX = 32 * 1024;

  /** No content. */
  Content ABSENT = new Absent();

  /** Content that is stored in the event itself. */
  @StableName("inline")
  record Inline(String keyId, byte[] ciphertext) implements Content {
    @Override
    public boolean equals(Object other) {
      return other instanceof Inline that
          && keyId.equals(that.keyId)
          && Arrays.equals(ciphertext, that.ciphertext);
    }

    @Override
    public int hashCode() {
      return 31 * keyId.hashCode() + Arrays.hashCode(ciphertext);
    }

    @Override
    public String toString() {
      return "Inline[keyId=" + keyId + ", " + ciphertext.length + " bytes]";
    }
  }

  /** Content in the content store, under the SHA-256 (hex) of its ciphertext. */
  @StableName("stored")
  record Stored(String keyId, String sha256, long sizeBytes) implements Content {}

  /** Represents the absence of content, because a stored event must not contain null. */
  @StableName("absent")
  record Absent() implements Content {}
}
