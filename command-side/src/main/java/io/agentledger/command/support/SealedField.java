package io.agentledger.command.support;

import io.agentledger.api.content.Content;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.event.SessionEvent;
import io.agentledger.store.crypto.Sealer;

/**
 * Sealed content of a session's event, with the event type and field that it was sealed for.
 *
 * @param field field of the event; a dotted path for a field of a nested record
 */
public record SealedField(Class<? extends SessionEvent> event, String field, Content content) {
  public boolean isAbsent() {
    return content instanceof Content.Absent;
  }

  /** Opens the content; the empty string if it is absent. */
  public String open(Sealer sealer, SessionId session) {
    return sealer.open(session, event, field, content);
  }
}
