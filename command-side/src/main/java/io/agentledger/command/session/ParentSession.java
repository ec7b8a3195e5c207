package io.agentledger.command.session;

import io.agentledger.api.content.Content;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.session.SessionDirectory;
import io.agentledger.api.session.event.LifecycleEvent.AgentConfigured;
import io.agentledger.api.session.event.LifecycleEvent.DirectoryAdded;
import io.agentledger.api.session.event.LifecycleEvent.SessionOpened;
import io.agentledger.api.session.event.LifecycleEvent.ToolsSet;
import io.agentledger.api.session.event.SessionEvent;
import io.agentledger.store.crypto.Sealer;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How a session began that another one branches off. */
record ParentSession(
    SessionOpened opened,
    Optional<ToolsSet> tools,
    Optional<AgentConfigured> setup,
    List<DirectoryAdded> given,
    Sealer sealer) {

  /** The same folders for the branch; paths of the host are for who named them only. */
  List<SessionDirectory> directories(UserId owner) {
    return given.stream()
        .filter(directoryAdded -> isNamed(directoryAdded) || owner.equals(opened.owner()))
        .map(
            directoryAdded ->
                new SessionDirectory(
                    directoryAdded.name(), path(directoryAdded), directoryAdded.writable()))
        .toList();
  }

  /** Whether it is one of the operator's. */
  private static boolean isNamed(DirectoryAdded directoryAdded) {
    return directoryAdded.hostPath().equals(Content.ABSENT);
  }

  private @Nullable String path(DirectoryAdded directoryAdded) {
    return isNamed(directoryAdded)
        ? null
        : open(DirectoryAdded.class, "hostPath", directoryAdded.hostPath());
  }

  String systemPrompt() {
    return open(SessionOpened.class, "systemPrompt", opened.systemPrompt());
  }

  /** The same tools for the branch. */
  ToolsSet again(ToolsSet toolsSet, SessionSealer sessionSealer) {
    return new ToolsSet(
        sessionSealer.session(),
        toolsSet.mcpServers(),
        again(ToolsSet.class, "clientTools", toolsSet.clientTools(), sessionSealer));
  }

  /** The same setup for the branch; variables may hold secrets, and are for who gave them only. */
  AgentConfigured again(
      AgentConfigured agentConfigured, UserId owner, SessionSealer sessionSealer) {
    boolean own = owner.equals(opened.owner());
    return new AgentConfigured(
        sessionSealer.session(),
        agentConfigured.outputStyle(),
        agentConfigured.settingSources(),
        agentConfigured.skills(),
        agentConfigured.plugins(),
        agentConfigured.agent(),
        agentConfigured.betas(),
        again(
            AgentConfigured.class,
            "planModeInstructions",
            agentConfigured.planModeInstructions(),
            sessionSealer),
        agentConfigured.excludeDynamicSections(),
        agentConfigured.previewFormat(),
        agentConfigured.agents(),
        again(AgentConfigured.class, "definitions", agentConfigured.definitions(), sessionSealer),
        own ? agentConfigured.env() : List.of(),
        own
            ? again(AgentConfigured.class, "values", agentConfigured.values(), sessionSealer)
            : Content.ABSENT);
  }

  /** Content is bound to its session: what another one shall have is sealed for that one. */
  private Content again(
      Class<? extends SessionEvent> event,
      String field,
      Content content,
      SessionSealer sessionSealer) {
    return sessionSealer.text(event, field, open(event, field, content));
  }

  private String open(Class<? extends SessionEvent> event, String field, Content content) {
    return sealer.open(opened.sessionId(), event, field, content);
  }
}
