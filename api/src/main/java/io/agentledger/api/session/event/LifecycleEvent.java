package io.agentledger.api.session.event;

import io.agentledger.api.agent.AgentSnapshot;
import io.agentledger.api.audit.NotAudited;
import io.agentledger.api.audit.ShownInAudit;
import io.agentledger.api.content.Content;
import io.agentledger.api.environment.EnvironmentSnapshot;
import io.agentledger.api.hook.HookDefinition;
import io.agentledger.api.hook.HookId;
import io.agentledger.api.hook.HookOutcome;
import io.agentledger.api.hook.HookPoint;
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
import io.agentledger.api.shared.Money;
import io.agentledger.api.shared.StableName;
import io.agentledger.api.vault.VaultId;
import java.time.Duration;
import java.util.List;
import org.axonframework.serialization.Revision;

/** Events of a session's opening, activity and lifecycle. */
public sealed interface LifecycleEvent extends SessionEvent {
  /**
   * The first event of every session: its whole initial configuration.
   *
   * @param threadId the agent's own thread
   * @param setup setup of its agent; it never changes
   * @param tools in addition to the agent's own, until a {@link ToolsSet}
   * @param folder directory of the host in which the agent works in place; it never changes; absent
   *     for a session with its own workspace
   * @param directories directories that are mounted beside the workspace, besides those of its
   *     environment, until {@link DirectoryAdded} and {@link DirectoryRemoved} change them
   * @param systemPrompt text that replaces or extends Claude Code's own system prompt
   * @param metadata the client's own pairs, a JSON object
   */
  @Revision("3")
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
   * The session's additional tools were replaced, from the next query on.
   *
   * @param mcpServers servers that it may use while they are active
   * @param clientTools names and input schemas, a JSON list
   */
  @Revision("1")
  @StableName("ToolsSet")
  record ToolsSet(SessionId sessionId, List<SelectedMcpServer> mcpServers, Content clientTools)
      implements LifecycleEvent {}

  /**
   * The activity changed; recorded in the same append as its cause, so that readers need not derive
   * it.
   *
   * @param pendingActionIds actions that the run waits for, oldest first; empty unless waiting
   */
  @NotAudited
  @Revision("1")
  @StableName("ActivityChanged")
  record ActivityChanged(SessionId sessionId, Activity activity, List<ActionId> pendingActionIds)
      implements LifecycleEvent {}

  /**
   * A run ended while background tasks continue in the same process.
   *
   * @param taskIds see {@link OutputEvent.TaskStarted}, oldest first; the last 64 of them
   */
  @NotAudited
  @Revision("1")
  @StableName("TasksLeftRunning")
  record TasksLeftRunning(SessionId sessionId, RunId runId, List<String> taskIds)
      implements LifecycleEvent {}

  /**
   * A process has ended, and its conversation is in the content store. The next process begins with
   * it.
   *
   * @param manifest reference to the list of the transcript's files in the content store
   * @param storedBytes bytes that were added to the content store for it
   */
  @NotAudited
  @Revision("1")
  @StableName("ConversationStored")
  record ConversationStored(
      SessionId sessionId, ProcessId processId, String manifest, long storedBytes)
      implements LifecycleEvent {}

  /** The lifetime budget of the session was set. */
  @Revision("1")
  @StableName("BudgetSet")
  record BudgetSet(SessionId sessionId, Budget budget) implements LifecycleEvent {}

  /** 80 percent of the session's budget are spent; recorded once for each limit. */
  @Revision("1")
  @StableName("SessionBudgetThresholdReached")
  record SessionBudgetThresholdReached(SessionId sessionId, Money limitUsd, Money spentUsd)
      implements LifecycleEvent {}

  /** The permission mode was set, effective at once and for later queries. */
  @Revision("1")
  @StableName("PermissionModeSet")
  record PermissionModeSet(SessionId sessionId, PermissionMode permissionMode)
      implements LifecycleEvent {}

  /** The model was set for later queries: a run ends with the model that it started with. */
  @Revision("1")
  @StableName("ModelSet")
  record ModelSet(SessionId sessionId, String model) implements LifecycleEvent {}

  /**
   * A directory of the host is mounted beside the workspace, from the next query on.
   *
   * @param name name of the mount below {@link SessionDirectory#MOUNT_ROOT}
   * @param writable whether it is mounted writable, if the operator still permits that
   * @param hostPath path of a directory that the operator has not named; absent for the operator's
   *     directories
   */
  @Revision("1")
  @StableName("DirectoryAdded")
  record DirectoryAdded(SessionId sessionId, String name, boolean writable, Content hostPath)
      implements LifecycleEvent {}

  /** A mounted directory was removed, from the next query on. */
  @Revision("1")
  @StableName("DirectoryRemoved")
  record DirectoryRemoved(SessionId sessionId, String name) implements LifecycleEvent {}

  /** The session was shared; another share with the same audience replaces the first. */
  @Revision("1")
  @StableName("SessionShared")
  record SessionShared(SessionId sessionId, Audience audience, AccessLevel access)
      implements LifecycleEvent {}

  /** The session was unshared with the audience. */
  @Revision("1")
  @StableName("SessionUnshared")
  record SessionUnshared(SessionId sessionId, Audience audience) implements LifecycleEvent {}

  /**
   * The session was transferred to another owner. The process of the run in progress is ended after
   * that run.
   */
  @Revision("1")
  @StableName("SessionTransferred")
  record SessionTransferred(SessionId sessionId, UserId fromUserId, UserId toUserId)
      implements LifecycleEvent {}

  /**
   * The title was set.
   *
   * @param title absent if it was removed
   */
  @Revision("1")
  @StableName("SessionRenamed")
  record SessionRenamed(SessionId sessionId, Content title) implements LifecycleEvent {}

  /**
   * All tags of the session were replaced. Tags serve to find sessions: like the names of agents
   * and vaults they are not sealed.
   *
   * @param tags sorted, without duplicates
   */
  @Revision("1")
  @StableName("SessionTagged")
  record SessionTagged(SessionId sessionId, List<String> tags) implements LifecycleEvent {}

  /**
   * The session was paused: the run in progress continues to its end, no other run starts, and its
   * process ends.
   */
  @Revision("1")
  @StableName("SessionPaused")
  record SessionPaused(SessionId sessionId) implements LifecycleEvent {}

  /** The session was unpaused; queued queries may start. */
  @Revision("1")
  @StableName("SessionUnpaused")
  record SessionUnpaused(SessionId sessionId) implements LifecycleEvent {}

  /** The session was not used for a long time; it accepts no query until it is restored. */
  @Revision("1")
  @StableName("SessionExpired")
  record SessionExpired(SessionId sessionId) implements LifecycleEvent {}

  /** The session was archived: it can be read, and accepts no query until it is restored. */
  @Revision("1")
  @StableName("SessionArchived")
  record SessionArchived(SessionId sessionId) implements LifecycleEvent {}

  /** An archived or expired session was restored. */
  @Revision("1")
  @StableName("SessionRestored")
  record SessionRestored(SessionId sessionId) implements LifecycleEvent {}

  /** The session was closed permanently: its run is stopped, and no other one starts. */
  @Revision("1")
  @StableName("SessionClosed")
  record SessionClosed(SessionId sessionId) implements LifecycleEvent {}

  /** The session was closed and is visible only to users with access to every session. */
  @Revision("1")
  @StableName("SessionDeleted")
  record SessionDeleted(SessionId sessionId) implements LifecycleEvent {}

  /** A hook was attached to the session; it applies like one that is registered for the session. */
  @Revision("1")
  @StableName("HookAttached")
  record HookAttached(
      SessionId sessionId, HookId hookId, @ShownInAudit String name, HookDefinition definition)
      implements LifecycleEvent {}

  /** A hook was detached from the session: it is not called any more. */
  @Revision("1")
  @StableName("HookDetached")
  record HookDetached(SessionId sessionId, HookId hookId) implements LifecycleEvent {}

  /**
   * A hook was executed for an event of the session outside of a run's output: it needs an answer,
   * became idle, or ended.
   *
   * @param name name of the hook at that time
   * @param httpStatus HTTP status; 0 if there was none
   * @param detail what the hook answered, or the error
   */
  @Revision("1")
  @StableName("SessionHookExecuted")
  record SessionHookExecuted(
      SessionId sessionId,
      HookId hookId,
      String name,
      HookPoint point,
      HookOutcome outcome,
      int httpStatus,
      Duration duration,
      Content detail)
      implements LifecycleEvent {}

  /** Action of a client on a file of the workspace. */
  enum FileAction {
    PUT,
    DELETED,
    /** All files of an archive were put into a directory. */
    UNPACKED
  }

  /**
   * A client writes files of the workspace or deletes one; recorded before the change is made.
   *
   * @param path relative to the workspace; absent for the workspace itself
   */
  @Revision("1")
  @StableName("FilesChanged")
  record FilesChanged(SessionId sessionId, FileAction action, Content path)
      implements LifecycleEvent {}
}
