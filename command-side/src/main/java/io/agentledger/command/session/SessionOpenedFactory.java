package io.agentledger.command.session;

import io.agentledger.api.environment.EnvironmentSnapshot;
import io.agentledger.api.session.command.SessionCommand.OpenSession;
import io.agentledger.api.session.event.LifecycleEvent.SessionOpened;
import io.agentledger.command.support.SessionDefaults;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.json.JsonMapper;

/** How a session begins: wishes over what surrounds it, copied and sealed. */
final class SessionOpenedFactory {
  private static final JsonMapper JSON = JsonMapper.shared();

  private SessionOpenedFactory() {}

  /** What a session finds when it opens. */
  record Around(SessionDefaults surroundings, EnvironmentSnapshot environment) {}

  static SessionOpened of(
      OpenSession command, Around around, String systemPrompt, SessionSealer sealing) {
    var surroundings = around.surroundings();
    var wishes = command.wishes();
    return new SessionOpened(
        command.sessionId(),
        command.owner(),
        command.threadId(),
        wishes.agent().over(surroundings.agent()),
        around.environment(),
        wishes.runs().over(surroundings.options()),
        wishes.budget(),
        command.place().workspace(),
        command.origin(),
        List.of(),
        sealing.text(SessionOpened.class, "title", wishes.title()),
        sealing.text(SessionOpened.class, "systemPrompt", systemPrompt),
        sealing.text(SessionOpened.class, "metadata", json(wishes.metadata())));
  }

  private static String json(Map<String, String> pairs) {
    return pairs.isEmpty() ? "" : JSON.writeValueAsString(new TreeMap<>(pairs));
  }
}
