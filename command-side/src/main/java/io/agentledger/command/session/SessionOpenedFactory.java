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
import io.agentledger.command.support.SessionSealer;
import io.agentledger.store.support.UntrustedJson;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.json.JsonMapper;

/** Creates the event that opens a session: the request with defaults, its content sealed. */
final class SessionOpenedFactory {
  private static final JsonMapper JSON = UntrustedJson.MAPPER;

  private SessionOpenedFactory() {}

  /** Defaults and environment in which a session opens. */
  record OpeningContext(SessionDefaults defaults, EnvironmentSnapshot environment) {}

  /** Sealed content of the opening: setup, tools, folders and system prompt. */
  record SealedSessionContent(
      SealedAgentSetup setup,
      SealedTools tools,
      SealedFolder folder,
      List<SealedDirectory> directories,
      Content systemPrompt) {}

  static SessionOpened create(
      OpenSession command,
      OpeningContext openingContext,
      SealedSessionContent sealedContent,
      SessionSealer sealer) {
    var sessionDefaults = openingContext.defaults();
    var sessionSpec = command.spec();
    return new SessionOpened(
        command.sessionId(),
        command.ownerId(),
        command.threadId(),
        sessionSpec.agentOverrides().applyTo(sessionDefaults.agent()),
        sealedContent.setup(),
        sealedContent.tools(),
        openingContext.environment(),
        sessionSpec.runOverrides().applyTo(sessionDefaults.options()),
        sessionSpec.budget(),
        command.workspaceSpec().workspace(),
        sealedContent.folder(),
        sealedContent.directories(),
        command.origin(),
        List.of(),
        sealer.text(SessionOpened.class, "title", sessionSpec.title()),
        sealedContent.systemPrompt(),
        sealer.text(SessionOpened.class, "metadata", json(sessionSpec.metadata())));
  }

  private static String json(Map<String, String> pairs) {
    return pairs.isEmpty() ? "" : JSON.writeValueAsString(new TreeMap<>(pairs));
  }
}
