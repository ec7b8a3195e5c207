package io.agentledger.command.session;

import io.agentledger.api.content.Content;
import io.agentledger.api.environment.EnvironmentSnapshot;
import io.agentledger.api.session.SealedAgentSetup;
import io.agentledger.api.session.SealedDirectory;
import io.agentledger.api.session.SealedFolder;
import io.agentledger.api.session.SealedTools;
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

  /** What is given to a session's agent, sealed for the session. */
  record Given(
      SealedAgentSetup setup,
      SealedTools tools,
      SealedFolder folder,
      List<SealedDirectory> directories,
      Content systemPrompt) {}

  static SessionOpened create(
      OpenSession command, Around around, Given given, SessionSealer sealer) {
    var sessionDefaults = around.surroundings();
    var sessionSpec = command.wishes();
    return new SessionOpened(
        command.sessionId(),
        command.owner(),
        command.threadId(),
        sessionSpec.agent().applyTo(sessionDefaults.agent()),
        given.setup(),
        given.tools(),
        around.environment(),
        sessionSpec.runs().applyTo(sessionDefaults.options()),
        sessionSpec.budget(),
        command.place().workspace(),
        given.folder(),
        given.directories(),
        command.origin(),
        List.of(),
        sealer.text(SessionOpened.class, "title", sessionSpec.title()),
        given.systemPrompt(),
        sealer.text(SessionOpened.class, "metadata", json(sessionSpec.metadata())));
  }

  private static String json(Map<String, String> pairs) {
    return pairs.isEmpty() ? "" : JSON.writeValueAsString(new TreeMap<>(pairs));
  }
}
