package io.agentledger.store.crypto;

import io.agentledger.api.content.Content;
import io.agentledger.api.shared.Id;
import java.util.Collection;

/**
 * Seals text into {@link Content} and decrypts it, bound to one field of one event type of its
 * subject, a session or a user: it cannot be decrypted for another place. Erasing the subject's key
 * erases the content.
 */
public interface Sealer {
  /**
   * Seals {@code text} for the record component {@code field} of {@code event}; dotted for one of a
   * nested record, as {@code tools.clientTools}.
   */
  Content seal(Id subject, Class<?> event, String field, String text);

  /**
   * Returns a sealer that creates no keys: sealing for a subject without a key, or whose key was
   * destroyed, fails with a {@link ContentUnavailableException}.
   */
  default Sealer withExistingKeys() {
    return this;
  }

  /** Reads the keys of subjects in one statement, before contents of them are decrypted. */
  default void prepare(Collection<? extends Id> subjects) {}

  /** Decrypts content that was sealed for that field; the empty string if it is absent. */
  String open(Id subject, Class<?> event, String field, Content content);
}
