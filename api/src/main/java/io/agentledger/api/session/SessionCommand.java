package io.agentledger.api.session;

import io.agentledger.api.identity.Internal;
import io.agentledger.api.identity.Needs;
import io.agentledger.api.identity.Scope;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.session.CheckpointEvent.Kept;
import io.agentledger.api.session.CheckpointEvent.Moment;
import io.agentledger.api.session.LifecycleEvent.FileAct;
import io.agentledger.api.session.RunEvent.Cause;
import io.agentledger.api.session.RunEvent.Failure;
import io.agentledger.api.session.RunEvent.Machinery;
import io.agentledger.api.session.RunEvent.StopReason;
import io.agentledger.api.shared.Idempotency;
import io.agentledger.api.shared.Idempotent;
import io.agentledger.api.shared.Json;
import java.time.Duration;
import java.util.List;
import org.axonframework.modelling.command.TargetAggregateIdentifier;
import org.jspecify.annotations.Nullable;

/** What can be wished of a session. All of them are safe to send twice. */
public sealed interface SessionCommand
    permits KeepingCommand,
        SessionCommand.OpenSession,
        SessionCommand.Submit,
        SessionCommand.ShareSession,
        SessionCommand.UnshareSession,
        SessionCommand.HandOverSession,
        SessionCommand.SetTools,
        SessionCommand.TakeCheckpoint,
        SessionCommand.RewindFiles,
        SessionCommand.ChangeFiles,
        SessionCommand.StartRun,
        SessionCommand.RecordOutput,
        SessionCommand.FinishRun,
        SessionCommand.EndInterruptedRun,
        SessionCommand.FailRun,
        SessionCommand.TimeOutRun,
        SessionCommand.GiveUpRun,
        SessionCommand.PauseRun,
        SessionCommand.RecordFinding,
        SessionCommand.ExpireAside,
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
  @Needs(Scope.SESSIONS_WRITE)
  record OpenSession(
      SessionId sessionId,
      UserId owner,
      ThreadId threadId,
      Origin origin,
      SessionWishes wishes,
      SessionPlace place,
      @Nullable Idempotency idempotency)
      implements SessionCommand, Idempotent {}

  /** A batch of inputs, atomic and in order; answered with a {@link Receipt}. */
  @Needs(Scope.SESSIONS_WRITE)
  record Submit(SessionId sessionId, List<Input> inputs, @Nullable Idempotency idempotency)
      implements SessionCommand, Idempotent {}

  /** Lets others see it or speak in it; the owner's and the admins' to say. */
  @Needs(Scope.SESSIONS_WRITE)
  record ShareSession(SessionId sessionId, Audience audience, Access access)
      implements SessionCommand {}

  /** Takes a share back. */
  @Needs(Scope.SESSIONS_WRITE)
  record UnshareSession(SessionId sessionId, Audience audience) implements SessionCommand {}

  /** Gives it to somebody else of the tenant, who is its owner from then on. */
  @Needs(Scope.SESSIONS_WRITE)
  record HandOverSession(SessionId sessionId, UserId to) implements SessionCommand {}

  /**
   * These tools beside the agent's own and no others, from the next query on; answered with a
   * {@link ToolsChange}. Servers that cannot be had are left out and named there.
   */
  @Needs(Scope.SESSIONS_WRITE)
  record SetTools(SessionId sessionId, SessionTools tools) implements SessionCommand {}

  /**
   * The runner has kept the files' state.
   *
   * @param basis the sequence of the fact that the files were at before, 0 for none; when another
   *     one says since what they are, this is silence
   */
  @Internal
  record TakeCheckpoint(
      SessionId sessionId,
      CheckpointId checkpointId,
      long epoch,
      long basis,
      Moment moment,
      Kept kept)
      implements SessionCommand {}

  /**
   * Puts the workspace back to a checkpoint; refused while something is under way. The agent is not
   * told, its conversation goes on.
   *
   * @param dryRun only judges whether it may be done
   */
  @Needs(Scope.SESSIONS_WRITE)
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
  @Needs(Scope.SESSIONS_WRITE)
  record ChangeFiles(SessionId sessionId, FileAct act, String path) implements SessionCommand {}

  /** A process takes the run up, for the first time or again. */
  @Internal
  record StartRun(
      SessionId sessionId,
      RunId runId,
      Cause cause,
      int attempt,
      String requestedModel,
      Machinery machinery)
      implements SessionCommand {}

  /** What a process of the run said; of one line all or nothing. */
  @Internal
  record RecordOutput(
      SessionId sessionId, RunId runId, ProcessId processId, long epoch, List<Output.Read> outputs)
      implements SessionCommand {}

  /**
   * It answered. What a run used is the sum of its turns on the record, never what a process says.
   *
   * @param duration of this attempt; those of a run are added up
   * @param structuredOutput null without an output schema
   */
  @Internal
  record FinishRun(
      SessionId sessionId,
      RunId runId,
      long epoch,
      StopReason stopReason,
      Duration duration,
      String result,
      @Nullable Json structuredOutput)
      implements SessionCommand {}

  /** It was interrupted. */
  @Internal
  record EndInterruptedRun(SessionId sessionId, RunId runId, long epoch, Duration duration)
      implements SessionCommand {}

  /**
   * @param retryable whether another attempt may mend it; the session decides whether it is made
   */
  @Internal
  record FailRun(
      SessionId sessionId,
      RunId runId,
      long epoch,
      Failure failure,
      boolean retryable,
      Duration duration,
      String error)
      implements SessionCommand {}

  /**
   * A run's time is over, whoever carries it out. The node that has its process stops that when it
   * hears of the end.
   *
   * @param duration what the run was allowed
   */
  @Internal
  record TimeOutRun(SessionId sessionId, RunId runId, Duration duration)
      implements SessionCommand {}

  /**
   * The house could not carry a run out, by a fault of its own, and no process can say so.
   *
   * @param tries which try of the run failed, from 1; what is known of it already is silence
   * @param duration of this attempt
   */
  @Internal
  record GiveUpRun(SessionId sessionId, RunId runId, int tries, Duration duration, String error)
      implements SessionCommand {}

  /** The budget is spent. */
  @Internal
  record PauseRun(SessionId sessionId, RunId runId, long epoch, Duration duration)
      implements SessionCommand {}

  /** The runner has found something out beside the runs; what is known or settled is silence. */
  @Internal
  record RecordFinding(SessionId sessionId, long epoch, Finding finding)
      implements SessionCommand {}

  /** The process did not answer in time. */
  @Internal
  record ExpireAside(SessionId sessionId, AsideId asideId) implements SessionCommand {}

  /** Nobody answered in time. */
  @Internal
  record ExpireAction(SessionId sessionId, ActionId actionId) implements SessionCommand {}
}
