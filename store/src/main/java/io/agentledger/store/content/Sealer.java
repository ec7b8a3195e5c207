package io.agentledger.store.content;

import io.agentledger.api.content.Content;
import io.agentledger.api.session.SessionEvent;
import io.agentledger.api.session.SessionId;

/**
 * Turns text into {@link Content} and back, bound to one field of one event type of one session: it
 * opens nowhere else.
 */
public interface Sealer {
  /** Seals {@code text} for the record component {@code field} of {@code event}. */
  Content seal(SessionId session, Class<? extends SessionEvent> event, String field, String text);

  /** The text of content that was sealed for that field; the empty string when it is absent. */
  String open(
      SessionId session, Class<? extends SessionEvent> event, String field, Content content);
}
