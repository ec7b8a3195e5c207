package io.agentledger.command.session;

import io.agentledger.api.content.Content;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.event.SessionEvent;
import io.agentledger.api.shared.Json;
import io.agentledger.store.crypto.Sealer;
import org.jspecify.annotations.Nullable;

/** Seals for one session; what is not there stays absent. */
record SessionSealer(Sealer sealer, SessionId session) {
  Content text(Class<? extends SessionEvent> event, String field, @Nullable String text) {
    if (text == null || text.isEmpty()) return Content.ABSENT;
    return sealer.seal(session, event, field, text);
  }

  Content json(Class<? extends SessionEvent> event, String field, @Nullable Json json) {
    return text(event, field, json == null ? null : json.text());
  }
}
