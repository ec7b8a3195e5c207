package io.agentledger.command.session;

import io.agentledger.api.content.Content;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.mcp.SelectedMcpServer;
import io.agentledger.api.session.SealedAgentSetup;
import io.agentledger.api.session.SealedDirectory;
import io.agentledger.api.session.SealedFolder;
import io.agentledger.api.session.SealedTools;
import io.agentledger.api.session.event.LifecycleEvent.SessionOpened;
import io.agentledger.command.session.SessionOpenedFactory.SealedSessionContent;
import io.agentledger.command.support.RecordedDirectory;
import io.agentledger.command.support.RecordedTools;
import io.agentledger.command.support.SessionSealer;
import io.agentledger.store.crypto.Sealer;
import java.util.List;

/**
 * Opening of the session that a fork or clone is created from.
 *
 * @param tools its current tools
 * @param directories its current directories
 */
record ParentSession(
    SessionOpened opened, RecordedTools tools, List<RecordedDirectory> directories, Sealer sealer) {

  /**
   * Returns the content sealed for the branch, because sealed content is bound to its session.
   *
   * @param servers MCP servers of the branch
   */
  SealedSessionContent resealed(
      UserId owner, List<SelectedMcpServer> servers, SessionSealer branch) {
    boolean isOwn = owner.equals(opened.ownerId());
    return new SealedSessionContent(
        setup(isOwn, branch),
        new SealedTools(
            servers,
            branch.text(
                SessionOpened.class,
                "tools.clientTools",
                tools.clientTools().open(sealer, opened.sessionId()))),
        SealedFolder.NONE,
        directoriesVisibleTo(isOwn, branch),
        resealed("systemPrompt", opened.systemPrompt(), branch));
  }

  /** Returns the setup; variables may contain secrets, so only their owner gets them. */
  private SealedAgentSetup setup(boolean isOwn, SessionSealer branch) {
    var setup = opened.setup();
    return new SealedAgentSetup(
        setup.outputStyle(),
        setup.settingSources(),
        setup.skills(),
        setup.plugins(),
        setup.agent(),
        setup.betas(),
        resealed("setup.planModeInstructions", setup.planModeInstructions(), branch),
        setup.excludeDynamicSections(),
        setup.previewFormat(),
        setup.agents(),
        resealed("setup.definitions", setup.definitions(), branch),
        isOwn ? setup.env() : List.of(),
        isOwn ? resealed("setup.values", setup.values(), branch) : Content.ABSENT);
  }

  /** Returns the directories; paths of the host are visible to their owner only. */
  private List<SealedDirectory> directoriesVisibleTo(boolean isOwn, SessionSealer branch) {
    return directories.stream()
        .filter(directory -> directory.isNamed() || isOwn)
        .map(directory -> directory.open(sealer, opened.sessionId()))
        .map(directory -> SessionDirectories.seal(directory, branch))
        .toList();
  }

  private Content resealed(String field, Content content, SessionSealer branch) {
    return branch.text(
        SessionOpened.class,
        field,
        sealer.open(opened.sessionId(), SessionOpened.class, field, content));
  }
}
