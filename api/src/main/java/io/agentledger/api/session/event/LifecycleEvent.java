package io.agentledger.api.session.event;

import io.agentledger.api.agent.AgentSnapshot;
import io.agentledger.api.audit.NotAudited;
import io.agentledger.api.content.Content;
import io.agentledger.api.environment.EnvironmentSnapshot;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.mcp.SelectedMcpServer;
import io.agentledger.api.session.AccessLevel;
import io.agentledger.api.session.ActionId;
import io.agentledger.api.session.Activity;
import io.agentledger.api.session.Audience;
import io.agentledger.api.session.Budget;
import io.agentledger.api.session.PermissionMode;
import io.agentledger.api.session.ProcessId;
import io.agentledger.api.session.RunId;
import io.agentledger.api.session.RunOptions;
import io.agentledger.api.session.SealedAgentSetup;
import io.agentledger.api.session.SealedDirectory;
import io.agentledger.api.session.SealedFolder;
import io.agentledger.api.session.SealedTools;
import io.agentledger.api.session.SessionDirectory;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.SessionOrigin;
import io.agentledger.api.session.ThreadId;
import io.agentledger.api.session.Workspace;
import io.agentledger.api.shared.StableName;
import io.agentledger.api.vault.VaultId;
import java.util.List;
import org.axonframework.serialization.Revision;

/** Events of a session's opening, activity and lifecycle. */
public sealed interface LifecycleEvent extends SessionEvent {
  /**
   * The first event of every session: its whole initial configuration.
   *
   * @param threadId the agent's own thread
   * @param setup of its agent, for good
   * @param tools beside the agent's own, until a {@link ToolsSet}
   * @param folder of the host that its agent works in, in place and for good; none for a workspace
   *     of its own
   * @param directories that it sees beside its workspace, besides those of its environment, until
   *     {@link DirectoryAdded} and {@link DirectoryRemoved} change them
   * @param systemPrompt what replaces or follows Claude Code's own, as the agent says
   * @param metadata the client's own pairs, a JSON object
   */
  @Revision("1")
  @StableName("SessionOpened")
  record SessionOpened(
      SessionId sessionId,
      UserId ownerId,
      ThreadId threadId,
      AgentSnapshot agent,
      SealedAgentSetup setup,
      SealedTools tools,
      EnvironmentSnapshot environment,
      RunOptions options,
      Budget budget,
      Workspace workspace,
      SealedFolder folder,
      List<SealedDirectory> directories,
      SessionOrigin origin,
      List<VaultId> vaultIds,
      Content title,
      Content systemPrompt,
      Content metadata)
      implements LifecycleEvent {}

  /**
   * It has these tools beside its agent's own and no others, from the next query on.
   *
   * @param mcpServers that it may use as long as they are active
   * @param clientTools what they are called and take, a JSON list
   */
  @Revision("1")
  @StableName("ToolsSet")
  record ToolsSet(SessionId sessionId, List<SelectedMcpServer> mcpServers, Content clientTools)
      implements LifecycleEvent {}

  /**
   * In the same append as its cause, so that nobody has to derive it.
   *
   * @param pendingActionIds the actions that are waited for, oldest first; empty unless waiting
   */
  @NotAudited
  @Revision("1")
  @StableName("ActivityChanged")
  record ActivityChanged(SessionId sessionId, Activity activity, List<ActionId> pendingActionIds)
      implements LifecycleEvent {}

  /**
   * A run ended while work that was begun in the background goes on, as part of the same process.
   *
   * @param taskIds see {@link OutputEvent.TaskStarted}, oldest first; the last 64 of them
   */
  @NotAudited
  @Revision("1")
  @StableName("TasksLeftRunning")
  record TasksLeftRunning(SessionId sessionId, RunId runId, List<String> taskIds)
      implements LifecycleEvent {}

  /**
   * A process has ended, and the agent's conversation is in the content store as the process left
   * it. The next process begins with it.
   *
   * @param manifest names the list of the transcript's files in the content store
   * @param storedBytes that were added to the content store for it
   */
  @NotAudited
  @Revision("1")
  @StableName("ConversationStored")
  record ConversationStored(
      SessionId sessionId, ProcessId processId, String manifest, long storedBytes)
      implements LifecycleEvent {}

  /** It may spend something else than before, in its whole life. */
  @Revision("1")
  @StableName("BudgetSet")
  record BudgetSet(SessionId sessionId, Budget budget) implements LifecycleEvent {}

  /** The permission mode was set, effective at once and for later queries. */
  @Revision("1")
  @StableName("PermissionModeSet")
  record PermissionModeSet(SessionId sessionId, PermissionMode permissionMode)
      implements LifecycleEvent {}

  /**
   * The model was set for later queries: Claude Code ends a run with the model that it began with.
   */
  @Revision("1")
  @StableName("ModelSet")
  record ModelSet(SessionId sessionId, String model) implements LifecycleEvent {}

  /**
   * It may see a folder of the host beside its workspace, from the next query on.
   *
   * @param name under which it is seen, in the folder {@link SessionDirectory#MOUNT_ROOT}
   * @param writable as far as the operator has it writable still
   * @param hostPath of a folder that is no operator's; absent for those that have a name there
   */
  @Revision("1")
  @StableName("DirectoryAdded")
  record DirectoryAdded(SessionId sessionId, String name, boolean writable, Content hostPath)
      implements LifecycleEvent {}

  /** It sees that folder no longer, from the next query on. */
  @Revision("1")
  @StableName("DirectoryRemoved")
  record DirectoryRemoved(SessionId sessionId, String name) implements LifecycleEvent {}

  /** Others may see it, or speak in it; a second share with the same replaces the first. */
  @Revision("1")
  @StableName("SessionShared")
  record SessionShared(SessionId sessionId, Audience audience, AccessLevel access)
      implements LifecycleEvent {}

  /** They may no longer. */
  @Revision("1")
  @StableName("SessionUnshared")
  record SessionUnshared(SessionId sessionId, Audience audience) implements LifecycleEvent {}

  /** It is another's now. What the run in progress leaves behind ends with its process. */
  @Revision("1")
  @StableName("SessionTransferred")
  record SessionTransferred(SessionId sessionId, UserId fromUserId, UserId toUserId)
      implements LifecycleEvent {}

  /**
   * @param title absent when it has none any more
   */
  @Revision("1")
  @StableName("SessionRenamed")
  record SessionRenamed(SessionId sessionId, Content title) implements LifecycleEvent {}

  /**
   * All of its tags from now on. Tags are for finding sessions again: like the names of agents and
   * vaults they stand in clear.
   *
   * @param tags sorted, none twice
   */
  @Revision("1")
  @StableName("SessionTagged")
  record SessionTagged(SessionId sessionId, List<String> tags) implements LifecycleEvent {}

  /** The run in progress goes on to its end; nothing else begins, and its process ends. */
  @Revision("1")
  @StableName("SessionPaused")
  record SessionPaused(SessionId sessionId) implements LifecycleEvent {}

  /** The session is not paused any more; waiting queries may begin. */
  @Revision("1")
  @StableName("SessionUnpaused")
  record SessionUnpaused(SessionId sessionId) implements LifecycleEvent {}

  /** Nobody used it for long; it takes no query until somebody restores it. */
  @Revision("1")
  @StableName("SessionExpired")
  record SessionExpired(SessionId sessionId) implements LifecycleEvent {}

  /** Put away: it can be read, but not spoken in, until somebody restores it. */
  @Revision("1")
  @StableName("SessionArchived")
  record SessionArchived(SessionId sessionId) implements LifecycleEvent {}

  /** From the archive, or after it had expired. */
  @Revision("1")
  @StableName("SessionRestored")
  record SessionRestored(SessionId sessionId) implements LifecycleEvent {}

  /** For good: what is under way is stopped, and nothing begins any more. */
  @Revision("1")
  @StableName("SessionClosed")
  record SessionClosed(SessionId sessionId) implements LifecycleEvent {}

  /** Closed, and not to be seen any more but by those who see every session. */
  @Revision("1")
  @StableName("SessionDeleted")
  record SessionDeleted(SessionId sessionId) implements LifecycleEvent {}

  /** Action of a client on a file of the workspace. */
  enum FileAction {
    PUT,
    DELETED,
    /** All the files of an archive, put into a folder. */
    UNPACKED
  }

  /**
   * Somebody puts files into the workspace, or takes one out; said before it is done.
   *
   * @param path relative to the workspace; absent for itself
   */
  @Revision("1")
  @StableName("FilesChanged")
  record FilesChanged(SessionId sessionId, FileAction action, Content path)
      implements LifecycleEvent {}
}
