package io.agentledger.api.session.command;

import io.agentledger.api.identity.Scope;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.identity.security.InternalOnly;
import io.agentledger.api.identity.security.RequiresScope;
import io.agentledger.api.session.AccessLevel;
import io.agentledger.api.session.ActionId;
import io.agentledger.api.session.Audience;
import io.agentledger.api.session.CheckpointId;
import io.agentledger.api.session.ProcessId;
import io.agentledger.api.session.RunId;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.SessionOrigin;
import io.agentledger.api.session.SessionSpec;
import io.agentledger.api.session.SessionTools;
import io.agentledger.api.session.SideRequestId;
import io.agentledger.api.session.SourcePosition;
import io.agentledger.api.session.ThreadId;
import io.agentledger.api.session.WorkspaceSpec;
import io.agentledger.api.session.event.CheckpointEvent.CheckpointContent;
import io.agentledger.api.session.event.CheckpointEvent.Moment;
import io.agentledger.api.session.event.LifecycleEvent.FileAction;
import io.agentledger.api.session.event.RunEvent.Cause;
import io.agentledger.api.session.event.RunEvent.Execution;
import io.agentledger.api.session.event.RunEvent.Failure;
import io.agentledger.api.session.event.RunEvent.StopReason;
import io.agentledger.api.session.event.RunnerEvent;
import io.agentledger.api.shared.Idempotency;
import io.agentledger.api.shared.Idempotent;
import io.agentledger.api.shared.Json;
import io.agentledger.api.shared.StableName;
import java.time.Duration;
import java.util.List;
import org.axonframework.modelling.command.TargetAggregateIdentifier;
import org.jspecify.annotations.Nullable;

/** Commands for sessions. All of them are idempotent. */
@StableName("session")
public sealed interface SessionCommand
    permits SessionLifecycleCommand,
        SessionCommand.OpenSession,
        SessionCommand.SubmitInputs,
        SessionCommand.ShareSession,
        SessionCommand.UnshareSession,
        SessionCommand.TransferSession,
        SessionCommand.SetTools,
        SessionCommand.TakeCheckpoint,
        SessionCommand.StoreConversation,
        SessionCommand.RewindFiles,
        SessionCommand.ChangeFiles,
        SessionCommand.StartRun,
        SessionCommand.RecordOutput,
        SessionCommand.FinishRun,
        SessionCommand.EndInterruptedRun,
        SessionCommand.FailRun,
        SessionCommand.TimeOutRun,
        SessionCommand.AbandonRun,
        SessionCommand.PauseRun,
        SessionCommand.RecordProcessEnd,
        SessionCommand.RecordProcessReport,
        SessionCommand.ExpireSideRequest,
        SessionCommand.ExpireAction {
  /** How many queries may wait behind a run. */
  int QUEUED_MAX = 16;

  /** How many tags a session may have. */
  int TAGS_MAX = 20;

  @TargetAggregateIdentifier
  SessionId sessionId();

  /**
   * Opens one; answered with its {@link SessionId}, or with the first one's when repeated. A branch
   * is in the environment of what it branches from, with the tools of that, whatever is wished.
   */
  @RequiresScope(Scope.SESSIONS_WRITE)
  @StableName("OpenSession")
  record OpenSession(
      SessionId sessionId,
      UserId ownerId,
      ThreadId threadId,
      SessionOrigin origin,
      SessionSpec spec,
      WorkspaceSpec workspaceSpec,
      @Nullable Idempotency idempotency)
      implements SessionCommand, Idempotent {}

  /** A batch of inputs, atomic and in order; answered with a {@link SubmitResult}. */
  @RequiresScope(Scope.SESSIONS_WRITE)
  @StableName("SubmitInputs")
  record SubmitInputs(SessionId sessionId, List<Input> inputs, @Nullable Idempotency idempotency)
      implements SessionCommand, Idempotent {}

  /** Lets others see it or speak in it; the owner's and the admins' to say. */
  @RequiresScope(Scope.SESSIONS_WRITE)
  @StableName("ShareSession")
  record ShareSession(SessionId sessionId, Audience audience, AccessLevel access)
      implements SessionCommand {}

  /** Takes a share back. */
  @RequiresScope(Scope.SESSIONS_WRITE)
  @StableName("UnshareSession")
  record UnshareSession(SessionId sessionId, Audience audience) implements SessionCommand {}

  /** Gives it to somebody else of the tenant, who is its owner from then on. */
  @RequiresScope(Scope.SESSIONS_WRITE)
  @StableName("TransferSession")
  record TransferSession(SessionId sessionId, UserId newOwnerId) implements SessionCommand {}

  /**
   * These tools beside the agent's own and no others, from the next query on; answered with a
   * {@link SetToolsResult}. Servers that cannot be had are left out and named there.
   */
  @RequiresScope(Scope.SESSIONS_WRITE)
  @StableName("SetTools")
  record SetTools(SessionId sessionId, SessionTools tools) implements SessionCommand {}

  /**
   * The runner has kept the files' state.
   *
   * @param baseSequence sequence of the event that the files were at before, 0 for none; does
   *     nothing if a later event has set the files since
   */
  @InternalOnly
  @StableName("TakeCheckpoint")
  record TakeCheckpoint(
      SessionId sessionId,
      CheckpointId checkpointId,
      long epoch,
      long baseSequence,
      Moment moment,
      CheckpointContent content)
      implements SessionCommand {}

  /**
   * A process has ended, and the runner has kept its conversation.
   *
   * @param epoch of the lease under which it was kept
   * @param manifest names it in the content store; one that is recorded already changes nothing
   * @param storedBytes that were added to the content store for it
   */
  @InternalOnly
  @StableName("StoreConversation")
  record StoreConversation(
      SessionId sessionId, ProcessId processId, long epoch, String manifest, long storedBytes)
      implements SessionCommand {}

  /**
   * Puts the workspace back to a checkpoint; refused while something is under way. The agent is not
   * told, its conversation goes on.
   *
   * @param dryRun only judges whether it may be done
   */
  @RequiresScope(Scope.SESSIONS_WRITE)
  @StableName("RewindFiles")
  record RewindFiles(
      SessionId sessionId,
      CheckpointId checkpointId,
      boolean dryRun,
      @Nullable Idempotency idempotency)
      implements SessionCommand, Idempotent {}

  /**
   * Says that a file of the workspace is about to be put or deleted, or an archive's files put.
   *
   * @param path relative to the workspace; empty for itself
   */
  @RequiresScope(Scope.SESSIONS_WRITE)
  @StableName("ChangeFiles")
  record ChangeFiles(SessionId sessionId, FileAction action, String path)
      implements SessionCommand {}

  /** A process takes the run up, for the first time or again. */
  @InternalOnly
  @StableName("StartRun")
  record StartRun(
      SessionId sessionId,
      RunId runId,
      Cause cause,
      int attempt,
      String requestedModel,
      Execution execution)
      implements SessionCommand {}

  /**
   * Records the output of a run's process; the events of one line are recorded all or none.
   *
   * @param entries whose events name the session, the run and the position, sealed by the runner
   */
  @InternalOnly
  @StableName("RecordOutput")
  record RecordOutput(
      SessionId sessionId, RunId runId, ProcessId processId, long epoch, List<Entry> entries)
      implements SessionCommand {
    /** Event with the position at which its line ends. All of one line go in one command. */
    public record Entry(SourcePosition.Source source, long endOffset, RunnerEvent event) {}
  }

  /**
   * It answered. What a run used is the sum of its turns on the record, never what a process says.
   *
   * @param duration of this attempt; those of a run are added up
   * @param structuredOutput null without an output schema
   */
  @InternalOnly
  @StableName("FinishRun")
  record FinishRun(
      SessionId sessionId,
      RunId runId,
      long epoch,
      StopReason stopReason,
      Duration duration,
      String result,
      @Nullable Json structuredOutput)
      implements SessionCommand {}

  /**
   * Ends a run that was interrupted.
   *
   * @param endedProcess process that has ended with the run, see {@link RecordProcessEnd}; null if
   *     it continues
   */
  @InternalOnly
  @StableName("EndInterruptedRun")
  record EndInterruptedRun(
      SessionId sessionId,
      RunId runId,
      long epoch,
      Duration duration,
      @Nullable ProcessId endedProcess)
      implements SessionCommand {}

  /**
   * Records that a try of a run failed.
   *
   * @param tryNumber which try of the run failed, from 1; does nothing if that is known already
   * @param retryable whether another attempt may mend it; the session decides whether it is made
   * @param duration of this attempt
   * @param endedProcess process that has ended with the attempt, see {@link RecordProcessEnd}; null
   *     if it continues, or never started
   */
  @InternalOnly
  @StableName("FailRun")
  record FailRun(
      SessionId sessionId,
      RunId runId,
      int tryNumber,
      long epoch,
      Failure failure,
      boolean retryable,
      Duration duration,
      String error,
      @Nullable ProcessId endedProcess)
      implements SessionCommand {}

  /**
   * A run's time is over, whoever carries it out. The node that has its process stops that when it
   * hears of the end.
   *
   * @param duration what the run was allowed
   */
  @InternalOnly
  @StableName("TimeOutRun")
  record TimeOutRun(SessionId sessionId, RunId runId, Duration duration)
      implements SessionCommand {}

  /**
   * The service could not carry a run out because of an internal error, and no process reports it.
   *
   * @param tryNumber which try of the run failed, from 1; does nothing if that is known already
   * @param duration of this attempt
   */
  @InternalOnly
  @StableName("AbandonRun")
  record AbandonRun(
      SessionId sessionId, RunId runId, int tryNumber, Duration duration, String error)
      implements SessionCommand {}

  /**
   * Pauses a run whose budget is spent.
   *
   * @param attempt number of the attempt; does nothing if it is not in progress
   * @param duration of this attempt
   */
  @InternalOnly
  @StableName("PauseRun")
  record PauseRun(SessionId sessionId, RunId runId, int attempt, long epoch, Duration duration)
      implements SessionCommand {}

  /**
   * A process is gone: what it did in the background has ended with it, and nobody can tell what
   * became of its tool calls that have not returned.
   *
   * @param reason why it ended, in words
   */
  @InternalOnly
  @StableName("RecordProcessEnd")
  record RecordProcessEnd(SessionId sessionId, ProcessId processId, long epoch, String reason)
      implements SessionCommand {}

  /** Reports of a process that belong to no run; does nothing if known or settled already. */
  @InternalOnly
  @StableName("RecordProcessReport")
  record RecordProcessReport(SessionId sessionId, long epoch, ProcessReport report)
      implements SessionCommand {}

  /** The process did not answer in time. */
  @InternalOnly
  @StableName("ExpireSideRequest")
  record ExpireSideRequest(SessionId sessionId, SideRequestId sideRequestId)
      implements SessionCommand {}

  /** Nobody answered in time. */
  @InternalOnly
  @StableName("ExpireAction")
  record ExpireAction(SessionId sessionId, ActionId actionId) implements SessionCommand {}
}
