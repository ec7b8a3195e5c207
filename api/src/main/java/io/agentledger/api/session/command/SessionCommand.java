package io.agentledger.api.session.command;

import io.agentledger.api.identity.Scope;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.identity.security.ApiCommand;
import io.agentledger.api.identity.security.InternalOnly;
import io.agentledger.api.identity.security.PermitAgents;
import io.agentledger.api.identity.security.RequiresScope;
import io.agentledger.api.session.AccessLevel;
import io.agentledger.api.session.ActionId;
import io.agentledger.api.session.Audience;
import io.agentledger.api.session.BudgetShortfall;
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
import io.agentledger.api.shared.Money;
import io.agentledger.api.shared.StableName;
import io.agentledger.api.workspace.PathChanges;
import java.time.Duration;
import java.util.List;
import org.axonframework.modelling.command.TargetAggregateIdentifier;
import org.jspecify.annotations.Nullable;

/** Commands for sessions. All of them are idempotent. */
@StableName("session")
public sealed interface SessionCommand extends ApiCommand
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
  /** Maximum number of queries that wait behind a run. */
  int QUEUED_MAX = 16;

  /** Maximum number of tags of a session. */
  int TAGS_MAX = 20;

  @TargetAggregateIdentifier
  SessionId sessionId();

  /**
   * Opens a session with its first inputs, all or nothing, and returns a {@link SubmitResult}; a
   * repeated command returns the result of the first one. A branch takes environment and tools from
   * its source; requested ones are ignored.
   *
   * @param inputs queries and other inputs; empty for an idle session
   */
  @RequiresScope(Scope.SESSIONS_WRITE)
  @PermitAgents
  @StableName("OpenSession")
  record OpenSession(
      SessionId sessionId,
      UserId ownerId,
      ThreadId threadId,
      SessionOrigin origin,
      SessionSpec spec,
      WorkspaceSpec workspaceSpec,
      List<Input> inputs,
      @Nullable Idempotency idempotency)
      implements SessionCommand, Idempotent {
    public OpenSession {
      inputs = List.copyOf(inputs);
    }

    /** Creates a command without inputs. */
    public OpenSession(
        SessionId sessionId,
        UserId ownerId,
        ThreadId threadId,
        SessionOrigin origin,
        SessionSpec spec,
        WorkspaceSpec workspaceSpec,
        @Nullable Idempotency idempotency) {
      this(sessionId, ownerId, threadId, origin, spec, workspaceSpec, List.of(), idempotency);
    }
  }

  /** Submits a batch of inputs, atomically and in order; returns a {@link SubmitResult}. */
  @RequiresScope(Scope.SESSIONS_WRITE)
  @PermitAgents
  @StableName("SubmitInputs")
  record SubmitInputs(SessionId sessionId, List<Input> inputs, @Nullable Idempotency idempotency)
      implements SessionCommand, Idempotent {}

  /** Shares the session for reading or writing; permitted to the owner and admins. */
  @RequiresScope(Scope.SESSIONS_WRITE)
  @PermitAgents
  @StableName("ShareSession")
  record ShareSession(SessionId sessionId, Audience audience, AccessLevel access)
      implements SessionCommand {}

  /** Unshares a session: removes the access that the audience has by a share. */
  @RequiresScope(Scope.SESSIONS_WRITE)
  @PermitAgents
  @StableName("UnshareSession")
  record UnshareSession(SessionId sessionId, Audience audience) implements SessionCommand {}

  /** Transfers the session to another user of the tenant, who becomes its owner. */
  @RequiresScope(Scope.SESSIONS_WRITE)
  @PermitAgents
  @StableName("TransferSession")
  record TransferSession(SessionId sessionId, UserId newOwnerId) implements SessionCommand {}

  /**
   * Replaces the session's additional tools from the next query on; returns a {@link
   * SetToolsResult}. Unusable servers are left out and listed there.
   */
  @RequiresScope(Scope.SESSIONS_WRITE)
  @PermitAgents
  @StableName("SetTools")
  record SetTools(SessionId sessionId, SessionTools tools) implements SessionCommand {}

  /**
   * Records that the runner has stored a checkpoint of the files.
   *
   * @param baseSequence sequence of the event that set the files before, 0 for none; does nothing
   *     if a later event has set the files since
   * @param changes changes of the workspace since then
   */
  @InternalOnly
  @StableName("TakeCheckpoint")
  record TakeCheckpoint(
      SessionId sessionId,
      CheckpointId checkpointId,
      long epoch,
      long baseSequence,
      Moment moment,
      CheckpointContent content,
      PathChanges changes)
      implements SessionCommand {}

  /**
   * Records that a process has ended and that the runner has stored its conversation.
   *
   * @param epoch epoch of the lease under which it was stored
   * @param manifest names the conversation in the content store; a manifest that is recorded
   *     already changes nothing
   * @param storedBytes bytes that were added to the content store for it
   */
  @InternalOnly
  @StableName("StoreConversation")
  record StoreConversation(
      SessionId sessionId, ProcessId processId, long epoch, String manifest, long storedBytes)
      implements SessionCommand {}

  /**
   * Restores the workspace to a checkpoint; rejected while the session is busy. The agent is not
   * told, and its conversation continues. Returns {@code undoId}; a repeated command returns that
   * of the first one.
   *
   * @param dryRun only checks whether the operation is permitted
   * @param undoId checkpoint of the workspace before the rewind; null in a dry run
   */
  @RequiresScope(Scope.SESSIONS_WRITE)
  @PermitAgents
  @StableName("RewindFiles")
  record RewindFiles(
      SessionId sessionId,
      CheckpointId checkpointId,
      boolean dryRun,
      @Nullable CheckpointId undoId,
      @Nullable Idempotency idempotency)
      implements SessionCommand, Idempotent {}

  /**
   * Announces that a file of the workspace is about to be written or deleted, or an archive
   * unpacked.
   *
   * @param path relative to the workspace; empty for the workspace itself
   */
  @RequiresScope(Scope.SESSIONS_WRITE)
  @PermitAgents
  @StableName("ChangeFiles")
  record ChangeFiles(SessionId sessionId, FileAction action, String path)
      implements SessionCommand {}

  /** Records that a process starts to execute the run, for the first time or again. */
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
   * Records the output of a run's process; the events of one line are recorded together or not at
   * all.
   *
   * @param entries events with session, run and position, sealed by the runner
   */
  @InternalOnly
  @StableName("RecordOutput")
  record RecordOutput(
      SessionId sessionId, RunId runId, ProcessId processId, long epoch, List<Entry> entries)
      implements SessionCommand {
    /**
     * Event with the position at which its line ends. All events of one line are in one command.
     */
    public record Entry(SourcePosition.Source source, long endOffset, RunnerEvent event) {}
  }

  /**
   * Records that the run completed. Its usage is the sum of the recorded turns, not a report of the
   * process.
   *
   * @param duration of this attempt; the durations of all attempts are added up
   * @param structuredOutput null without an output schema
   * @param cliCostUsd cost of the run as the CLI reports it; null if that is not known
   * @param lastOutput output of the run to be recorded before its end, in the same append; null if
   *     there is none
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
      @Nullable Json structuredOutput,
      @Nullable Money cliCostUsd,
      @Nullable RecordOutput lastOutput)
      implements SessionCommand {
    public FinishRun {
      if (lastOutput != null && !lastOutput.runId().equals(runId))
        throw new IllegalArgumentException("the last output is not that of " + runId);
    }

    public FinishRun(
        SessionId sessionId,
        RunId runId,
        long epoch,
        StopReason stopReason,
        Duration duration,
        String result,
        @Nullable Json structuredOutput) {
      this(sessionId, runId, epoch, stopReason, duration, result, structuredOutput, null, null);
    }

    /** Returns the command with what is known at the end only. */
    public FinishRun with(@Nullable Money costUsd, @Nullable RecordOutput output) {
      return new FinishRun(
          sessionId, runId, epoch, stopReason, duration, result, structuredOutput, costUsd, output);
    }
  }

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
   * Ends a run whose time limit is exceeded, on any node. The node that has its process stops the
   * process when it receives the event.
   *
   * @param duration time limit of the run
   */
  @InternalOnly
  @StableName("TimeOutRun")
  record TimeOutRun(SessionId sessionId, RunId runId, Duration duration)
      implements SessionCommand {}

  /**
   * Fails a run that the service could not execute because of an internal error and that no process
   * reports.
   *
   * @param tryNumber number of the failed try, from 1; does nothing if its failure is recorded
   *     already
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
  record PauseRun(
      SessionId sessionId,
      RunId runId,
      int attempt,
      long epoch,
      Duration duration,
      BudgetShortfall shortfall)
      implements SessionCommand {}

  /**
   * Records that a process has ended: its background tasks have ended with it, and the outcome of
   * its unfinished tool calls is unknown.
   *
   * @param reason reason of the end, as text
   */
  @InternalOnly
  @StableName("RecordProcessEnd")
  record RecordProcessEnd(SessionId sessionId, ProcessId processId, long epoch, String reason)
      implements SessionCommand {}

  /**
   * Records reports of a process that belong to no run; does nothing if they are recorded or
   * resolved already.
   */
  @InternalOnly
  @StableName("RecordProcessReport")
  record RecordProcessReport(SessionId sessionId, long epoch, ProcessReport report)
      implements SessionCommand {}

  /** Fails a side request that the process did not answer in time. */
  @InternalOnly
  @StableName("ExpireSideRequest")
  record ExpireSideRequest(SessionId sessionId, SideRequestId sideRequestId)
      implements SessionCommand {}

  /** Expires a pending action that was not answered in time. */
  @InternalOnly
  @StableName("ExpireAction")
  record ExpireAction(SessionId sessionId, ActionId actionId) implements SessionCommand {}
}
