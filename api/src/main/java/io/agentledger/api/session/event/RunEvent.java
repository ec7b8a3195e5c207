package io.agentledger.api.session.event;

import io.agentledger.api.content.Content;
import io.agentledger.api.model.ModelUsage;
import io.agentledger.api.model.Upstream;
import io.agentledger.api.model.Usage;
import io.agentledger.api.ops.SandboxLevel;
import io.agentledger.api.session.BudgetShortfall;
import io.agentledger.api.session.ProcessId;
import io.agentledger.api.session.QueryId;
import io.agentledger.api.session.RunId;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.ThreadId;
import io.agentledger.api.shared.Discriminated;
import io.agentledger.api.shared.Money;
import io.agentledger.api.shared.StableName;
import java.time.Duration;
import java.util.List;
import org.axonframework.serialization.Revision;

/** Events of a run: one execution by the CLI, from its start to its end. */
public sealed interface RunEvent extends SessionEvent {
  RunId runId();

  /** Cause of a run. */
  sealed interface Cause extends Discriminated {
    /** A query of a client. */
    @StableName("query")
    record Query(QueryId queryId) implements Cause {}

    /** A report of a background task to the agent. */
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

  /**
   * Usage and costs of a run, summed over all of its turns.
   *
   * @param models the same by model, in order of their first turns
   */
  record RunTotals(
      Usage usage, Money costUsd, Duration duration, int turns, List<ModelUsage> models) {}

  /** Reason for the completion of a run. */
  enum StopReason {
    COMPLETED,
    MAX_TURNS,
    REFUSAL,
    BUDGET,
    /** A hook stopped it. */
    HOOK
  }

  /** Kind of a run's failure. */
  enum Failure {
    /** The model API returned an error, or did not respond. */
    MODEL,
    /** The model API refused the request, and would refuse it again. */
    MODEL_REFUSED,
    /** The CLI ended, hung, or wrote output that cannot be parsed. */
    CLI,
    /** It exceeded its time limit. */
    TIMEOUT,
    /** Its node was lost. */
    LOST,
    /** The CLI offered tools that are not permitted. */
    UNLISTED_TOOLS,
    /** Its output does not match the requested schema. */
    OUTPUT,
    /** A part of the agent's setup does not exist: an output style, a skill, a plugin. */
    SETUP,
    /** It exceeded its memory or disk limit. */
    LIMIT,
    /** The disk of the service was full: the CLI's output, or a part of it, could not be stored. */
    DISK_FULL,
    /** The CLI reported output that the model gateway never passed on: its output is forged. */
    INTEGRITY,
    /** It could not begin, because its tenant is suspended. */
    TENANT_SUSPENDED,
    /** It could not begin, because the user who sent its query is disabled. */
    USER_DISABLED,
    /** An internal error of the service. */
    FAULT
  }

  /**
   * An attempt of the run starts.
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
   * The run completed.
   *
   * @param structuredOutput output that matches the output schema, absent without one
   * @param cliCostUsd cost of the run as the CLI reports it; empty if that is not known
   */
  @Revision("1")
  @StableName("RunCompleted")
  record RunCompleted(
      SessionId sessionId,
      RunId runId,
      StopReason stopReason,
      RunTotals totals,
      Content result,
      Content structuredOutput,
      List<Money> cliCostUsd)
      implements RunEvent {
    public RunCompleted {
      cliCostUsd = List.copyOf(cliCostUsd);
    }

    /** Run whose cost the CLI has not reported. */
    public RunCompleted(
        SessionId sessionId,
        RunId runId,
        StopReason stopReason,
        RunTotals totals,
        Content result,
        Content structuredOutput) {
      this(sessionId, runId, stopReason, totals, result, structuredOutput, List.of());
    }
  }

  /**
   * An attempt of the run failed.
   *
   * @param retrying whether another attempt follows; false in the run's last failure
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

  /** The run was stopped on request. */
  @Revision("1")
  @StableName("RunInterrupted")
  record RunInterrupted(SessionId sessionId, RunId runId, RunTotals totals) implements RunEvent {}

  /**
   * A paused run continues in another attempt; its job is enqueued in the same transaction.
   *
   * @param attempt number of the following attempt
   * @param tryNumber number of the try of the run; a pause does not increase it
   */
  @Revision("1")
  @StableName("RunResumed")
  record RunResumed(SessionId sessionId, RunId runId, QueryId queryId, int attempt, int tryNumber)
      implements RunEvent {}

  /**
   * The run was paused because the budget is used up; it continues with the next query that the
   * budget allows.
   */
  @Revision("1")
  @StableName("RunPaused")
  record RunPaused(SessionId sessionId, RunId runId, RunTotals totals, BudgetShortfall shortfall)
      implements RunEvent {}
}
