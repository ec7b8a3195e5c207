package io.agentledger.command.support;

import io.agentledger.api.content.Content;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.event.SessionEvent;
import io.agentledger.api.shared.Json;
import io.agentledger.store.crypto.Sealer;
import org.jspecify.annotations.Nullable;

/** Seals content of one session's events; absent content stays absent. Thread-safe. */
public record SessionSealer(Sealer sealer, SessionId session) {
  public Content text(Class<? extends SessionEvent> event, String field, @Nullable String text) {
    if (text == null || text.isEmpty()) return Content.ABSENT;
    return sealer.seal(session, event, field, text);
  }

  public Content json(Class<? extends SessionEvent> event, String field, @Nullable Json json) {
    return text(event, field, json == null ? null : json.text());
  }
}
