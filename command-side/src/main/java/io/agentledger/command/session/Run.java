package io.agentledger.command.session;

import io.agentledger.api.content.Content;
import io.agentledger.api.model.ModelUsage;
import io.agentledger.api.model.Usage;
import io.agentledger.api.session.ProcessId;
import io.agentledger.api.session.QueryId;
import io.agentledger.api.session.RunId;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.command.SessionCommand.FinishRun;
import io.agentledger.api.session.event.RunEvent.Cause;
import io.agentledger.api.session.event.RunEvent.RunCompleted;
import io.agentledger.api.session.event.RunEvent.RunFailed;
import io.agentledger.api.session.event.RunEvent.RunInterrupted;
import io.agentledger.api.session.event.RunEvent.RunStarted;
import io.agentledger.api.session.event.RunEvent.RunTotals;
import io.agentledger.api.session.event.RunEvent.StopReason;
import io.agentledger.api.session.event.TurnEvent.TurnFinished;
import io.agentledger.api.shared.Money;
import io.agentledger.command.support.SessionSealer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Open run, with the state that the session's decisions need. */
@SuppressWarnings("NullAway.Init") // Set by a constructor or from a snapshot.
final class Run {
  /** Maximum number of tries; the failure of the last one is final. */
  static final int FAILURES_MAX = 3;

  /**
   * Maximum number of attempts, including those after restarts of nodes, because some runs crash
   * their node.
   */
  static final int ATTEMPTS_MAX = 10;

  /** State of a run; only a running one has a process. */
  enum State {
    ISSUED,
    RUNNING,
    RETRYING,
    PAUSED
  }

  private RunId id;
  private Cause cause;
  private State state = State.ISSUED;
  private int attempt;
  private int failures;
  private boolean interruptRequested;
  private @Nullable ProcessId process;
  private Usage usage = Usage.ZERO;
  private Money cost = Money.ZERO;
  private int turns;
  private List<ModelUsage> models = List.of();
  private Duration duration = Duration.ZERO;

  Run() {}

  Run(RunId id, Cause cause) {
    this.id = id;
    this.cause = cause;
  }

  RunId id() {
    return id;
  }

  State state() {
    return state;
  }

  boolean isFor(QueryId query) {
    return cause instanceof Cause.Query asked && asked.queryId().equals(query);
  }

  /** Returns the query that caused the run; empty for a background run. */
  Optional<QueryId> query() {
    return cause instanceof Cause.Query query ? Optional.of(query.queryId()) : Optional.empty();
  }

  boolean isCausedBy(Cause other) {
    return cause.equals(other);
  }

  /** Returns whether the process already executes this attempt. */
  boolean isAttempt(int number, ProcessId processId) {
    return isInProgress(number) && processId.equals(process);
  }

  boolean isInProgress(int number) {
    return state == State.RUNNING && attempt == number;
  }

  /** Returns whether the process executes the run. */
  boolean isAt(ProcessId processId) {
    return processId.equals(process);
  }

  int attempt() {
    return attempt;
  }

  boolean hasStarted() {
    return attempt > 0;
  }

  boolean isInterruptRequested() {
    return interruptRequested;
  }

  /** Returns the number of failed tries. */
  int failures() {
    return failures;
  }

  /**
   * Returns whether another try is possible: not for background runs, which have no query to
   * repeat, and not after an interrupt.
   */
  boolean canRetry() {
    return cause instanceof Cause.Query
        && !interruptRequested
        && failures + 1 < FAILURES_MAX
        && attempt < ATTEMPTS_MAX;
  }

  /**
   * Returns the totals of all turns, and of all attempts' durations including the one that ends
   * now.
   */
  RunTotals totalsAfter(Duration attemptDuration) {
    return new RunTotals(usage, cost, duration.plus(attemptDuration), turns, models);
  }

  /** Returns the event of a run that ended with a result. */
  RunCompleted completedEvent(FinishRun command, SessionSealer sealer) {
    return new RunCompleted(
        sealer.session(),
        id,
        command.stopReason(),
        totalsAfter(command.duration()),
        sealer.text(RunCompleted.class, "result", command.result()),
        sealer.json(RunCompleted.class, "structuredOutput", command.structuredOutput()),
        Stream.ofNullable(command.cliCostUsd()).toList());
  }

  /** Returns the event of a paused run whose budget was not raised. */
  RunCompleted budgetEvent(SessionId session) {
    return new RunCompleted(
        session, id, StopReason.BUDGET, totalsAfter(Duration.ZERO), Content.ABSENT, Content.ABSENT);
  }

  /** Returns the event of a run that was interrupted after this duration of its attempt. */
  RunInterrupted interruptedEvent(SessionId session, Duration attemptDuration) {
    return new RunInterrupted(session, id, totalsAfter(attemptDuration));
  }

  void on(RunStarted event) {
    state = State.RUNNING;
    attempt = event.attempt();
    process = event.execution().processId();
  }

  void on(TurnFinished event) {
    usage = usage.plus(event.usage());
    cost = cost.plus(event.costUsd());
    turns++;
    models = ModelUsage.plusTurn(models, event.model(), event.usage(), event.costUsd());
  }

  void on(RunFailed event) {
    state = State.RETRYING;
    failures++;
    suspend(event.totals());
  }

  void onPaused(RunTotals runTotals) {
    state = State.PAUSED;
    suspend(runTotals);
  }

  private void suspend(RunTotals runTotals) {
    duration = runTotals.duration();
    process = null;
  }

  /** Resets the state as if the run had just been issued. */
  void onResumed() {
    state = State.ISSUED;
  }

  void markInterruptRequested() {
    interruptRequested = true;
  }
}
