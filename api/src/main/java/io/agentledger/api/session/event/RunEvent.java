package io.agentledger.api.session.event;

import io.agentledger.api.content.Content;
import io.agentledger.api.model.Upstream;
import io.agentledger.api.model.Usage;
import io.agentledger.api.ops.SandboxLevel;
import io.agentledger.api.session.ProcessId;
import io.agentledger.api.session.QueryId;
import io.agentledger.api.session.RunId;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.ThreadId;
import io.agentledger.api.shared.Discriminated;
import io.agentledger.api.shared.Money;
import io.agentledger.api.shared.StableName;
import java.time.Duration;
import org.axonframework.serialization.Revision;

/** One carrying-out by the CLI, from its start to its end. */
public sealed interface RunEvent extends SessionEvent {
  RunId runId();

  /** Why there is a run. */
  sealed interface Cause extends Discriminated {
    /** A client asked. */
    @StableName("query")
    record Query(QueryId queryId) implements Cause {}

    /** A background task of the agent's reported back. */
    @StableName("background")
    record Background() implements Cause {}
  }

  /** Node, process and versions that execute a run. */
  record Execution(
      String node,
      long epoch,
      ProcessId processId,
      String launchHash,
      String cliVersion,
      SandboxLevel sandbox,
      Upstream upstream) {}

  /** Usage and costs of a run, summed over all of its turns. */
  record RunTotals(Usage usage, Money costUsd, Duration duration, int turns) {}

  /** Why a run completed. */
  enum StopReason {
    COMPLETED,
    MAX_TURNS,
    REFUSAL,
    BUDGET,
    /** A hook did not want it to go on. */
    HOOK
  }

  /** Kind of a run's failure. */
  enum Failure {
    /** The model's API said no, or did not answer. */
    MODEL,
    /** The CLI ended, hung, or said what nobody understands. */
    CLI,
    /** It took longer than it may. */
    TIMEOUT,
    /** Its machine went away. */
    LOST,
    /** The CLI offered tools that are not on the list. */
    UNLISTED_TOOLS,
    /** It gave no output of the shape that was asked for. */
    OUTPUT,
    /** What its agent should begin with is not to be had: an output style, a skill, a plugin. */
    SETUP,
    /** It used more memory or disk than it may. */
    LIMIT,
    /** The disk of the service was full: the CLI's output, or a part of it, could not be kept. */
    DISK_FULL,
    /** The CLI reported what the model gateway never passed on: its output is forged. */
    INTEGRITY,
    /** A fault of ours. */
    FAULT
  }

  /**
   * Carrying out begins, or begins again.
   *
   * @param attempt from 1; a resumed run keeps its id
   */
  @Revision("1")
  @StableName("RunStarted")
  record RunStarted(
      SessionId sessionId,
      RunId runId,
      ThreadId threadId,
      Cause cause,
      int attempt,
      String requestedModel,
      Execution execution)
      implements RunEvent {}

  /**
   * @param structuredOutput what the output schema asked for, absent without one
   */
  @Revision("1")
  @StableName("RunCompleted")
  record RunCompleted(
      SessionId sessionId,
      RunId runId,
      StopReason stopReason,
      RunTotals totals,
      Content result,
      Content structuredOutput)
      implements RunEvent {}

  /**
   * @param retrying whether another attempt follows; the run's last failure says false
   */
  @Revision("1")
  @StableName("RunFailed")
  record RunFailed(
      SessionId sessionId,
      RunId runId,
      Failure failure,
      boolean retrying,
      RunTotals totals,
      Content error)
      implements RunEvent {}

  /** Somebody wanted it to stop, and it did. */
  @Revision("1")
  @StableName("RunInterrupted")
  record RunInterrupted(SessionId sessionId, RunId runId, RunTotals totals) implements RunEvent {}

  /**
   * A paused run goes on, in another attempt; its job is enqueued in the same transaction.
   *
   * @param attempt that follows
   * @param tryNumber which try of the run it is, as if it had never paused
   */
  @Revision("1")
  @StableName("RunResumed")
  record RunResumed(SessionId sessionId, RunId runId, QueryId queryId, int attempt, int tryNumber)
      implements RunEvent {}

  /** The budget is spent; it goes on with the next query that the budget allows. */
  @Revision("1")
  @StableName("RunPaused")
  record RunPaused(SessionId sessionId, RunId runId, RunTotals totals) implements RunEvent {}
}
