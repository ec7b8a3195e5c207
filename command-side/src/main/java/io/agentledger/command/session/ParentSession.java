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
        .filter(one -> isNamed(one) || owner.equals(opened.owner()))
        .map(one -> new SessionDirectory(one.name(), path(one), one.writable()))
        .toList();
  }

  /** Whether it is one of the operator's. */
  private static boolean isNamed(DirectoryAdded one) {
    return one.hostPath().equals(Content.ABSENT);
  }

  private @Nullable String path(DirectoryAdded one) {
    return isNamed(one) ? null : open(DirectoryAdded.class, "hostPath", one.hostPath());
  }

  String systemPrompt() {
    return open(SessionOpened.class, "systemPrompt", opened.systemPrompt());
  }

  /** The same tools for the branch. */
  ToolsSet again(ToolsSet given, SessionSealer sealing) {
    return new ToolsSet(
        sealing.session(),
        given.mcpServers(),
        again(ToolsSet.class, "clientTools", given.clientTools(), sealing));
  }

  /** The same setup for the branch; variables may hold secrets, and are for who gave them only. */
  AgentConfigured again(AgentConfigured given, UserId owner, SessionSealer sealing) {
    boolean own = owner.equals(opened.owner());
    return new AgentConfigured(
        sealing.session(),
        given.outputStyle(),
        given.settingSources(),
        given.skills(),
        given.plugins(),
        given.agent(),
        given.betas(),
        again(AgentConfigured.class, "planModeInstructions", given.planModeInstructions(), sealing),
        given.excludeDynamicSections(),
        given.previewFormat(),
        given.agents(),
        again(AgentConfigured.class, "definitions", given.definitions(), sealing),
        own ? given.env() : List.of(),
        own ? again(AgentConfigured.class, "values", given.values(), sealing) : Content.ABSENT);
  }

  /** Content is bound to its session: what another one shall have is sealed for that one. */
  private Content again(
      Class<? extends SessionEvent> event, String field, Content content, SessionSealer sealing) {
    return sealing.text(event, field, open(event, field, content));
  }

  private String open(Class<? extends SessionEvent> event, String field, Content content) {
    return sealer.open(opened.sessionId(), event, field, content);
  }
}
