package io.agentledger.store.crypto;

import io.agentledger.api.content.Content;
import io.agentledger.api.shared.Id;

/**
 * Turns text into {@link Content} and back, bound to one field of one event type of whomever it is
 * about, a session or a person: it opens nowhere else. Erasing that one's key erases the content.
 */
public interface Sealer {
  /**
   * Seals {@code text} for the record component {@code field} of {@code event}; dotted for one of a
   * nested record, as {@code tools.clientTools}.
   */
  Content seal(Id subject, Class<?> event, String field, String text);

  /** The text of content that was sealed for that field; the empty string when it is absent. */
  String open(Id subject, Class<?> event, String field, Content content);
}
