package io.agentledger.command.support;

import io.agentledger.api.content.Content;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.event.SessionEvent;
import io.agentledger.store.crypto.Sealer;

/**
 * Content of a session's event with the place that it was sealed for.
 *
 * @param field of the event; dotted for a field of a nested record
 */
public record SealedField(Class<? extends SessionEvent> event, String field, Content content) {
  public boolean isAbsent() {
    return content instanceof Content.Absent;
  }

  /** The text; the empty string when it is absent. */
  public String open(Sealer sealer, SessionId session) {
    return sealer.open(session, event, field, content);
  }
}
