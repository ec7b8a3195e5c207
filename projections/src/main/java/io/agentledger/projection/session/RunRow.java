package io.agentledger.projection.session;

import io.agentledger.api.model.Upstream;
import io.agentledger.api.ops.SandboxLevel;
import io.agentledger.api.session.event.OutputEvent.PriceSource;
import io.agentledger.api.session.event.QueryEvent.QueryIssued;
import io.agentledger.api.session.event.QueryEvent.QueryQueued;
import io.agentledger.api.session.event.RunEvent;
import io.agentledger.api.session.event.RunEvent.Cause;
import io.agentledger.api.session.event.RunEvent.Failure;
import io.agentledger.api.session.event.RunEvent.RunCompleted;
import io.agentledger.api.session.event.RunEvent.RunFailed;
import io.agentledger.api.session.event.RunEvent.RunInterrupted;
import io.agentledger.api.session.event.RunEvent.RunPaused;
import io.agentledger.api.session.event.RunEvent.RunResumed;
import io.agentledger.api.session.event.RunEvent.RunStarted;
import io.agentledger.api.session.event.RunEvent.RunTotals;
import io.agentledger.api.session.event.RunEvent.StopReason;
import io.agentledger.api.session.event.TurnEvent.ModelRefused;
import io.agentledger.api.session.event.TurnEvent.TurnFinished;
import io.agentledger.api.session.query.RunView.State;
import io.agentledger.projection.support.SealedContent;
import io.agentledger.projection.support.SealedContentConverter;
import io.agentledger.projection.support.UsageTotals;
import jakarta.persistence.Convert;
import jakarta.persistence.Embedded;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** One run, from the query that wants it to its end. */
@Entity
@Table(name = "run_row")
@SuppressWarnings("NullAway.Init")
public class RunRow {
  @Id private String id;
  private String tenant;
  private String sessionId;
  private @Nullable String queryId;

  @Enumerated(EnumType.STRING)
  private State state;

  private int attempt;
  private String requestedModel;
  private @Nullable String model;
  private @Nullable String refusedBy;

  @Enumerated(EnumType.STRING)
  private @Nullable Upstream upstream;

  @Enumerated(EnumType.STRING)
  private @Nullable SandboxLevel sandbox;

  private @Nullable String cliVersion;
  private @Nullable String node;

  @Enumerated(EnumType.STRING)
  private @Nullable StopReason stopReason;

  @Enumerated(EnumType.STRING)
  private @Nullable Failure failure;

  @Convert(converter = SealedContentConverter.class)
  private @Nullable SealedContent result;

  @Convert(converter = SealedContentConverter.class)
  private @Nullable SealedContent structuredOutput;

  @Convert(converter = SealedContentConverter.class)
  private @Nullable SealedContent error;

  @Embedded private UsageTotals spent;
  private boolean priced;
  private int turns;
  private long durationMillis;
  private long ordinal;
  private long sequence;
  private Instant askedAt;
  private @Nullable Instant startedAt;
  private @Nullable Instant endedAt;

  protected RunRow() {}

  /** The fact that a row begins with. */
  record Begun(String tenant, long sequence, Instant at) {}

  private RunRow(Begun begun, State state, String requestedModel) {
    this.tenant = begun.tenant();
    this.ordinal = begun.sequence();
    this.askedAt = begun.at();
    this.state = state;
    this.requestedModel = requestedModel;
    this.spent = UsageTotals.NOTHING;
    this.priced = true;
  }

  static RunRow create(QueryQueued event, Begun begun) {
    var row = new RunRow(begun, State.QUEUED, event.options().model());
    row.id = event.runId().value();
    row.sessionId = event.sessionId().value();
    row.queryId = event.queryId().value();
    row.sequence = begun.sequence();
    return row;
  }

  static RunRow create(QueryIssued event, Begun begun) {
    var row = new RunRow(begun, State.ISSUED, event.options().model());
    row.id = event.runId().value();
    row.sessionId = event.sessionId().value();
    row.queryId = event.queryId().value();
    row.sequence = begun.sequence();
    return row;
  }

  /** One that no query wanted; it has yet to take in the event itself. */
  static RunRow create(RunStarted event, Begun begun) {
    var row = new RunRow(begun, State.ISSUED, event.requestedModel());
    row.id = event.runId().value();
    row.sessionId = event.sessionId().value();
    if (event.cause() instanceof Cause.Query query) row.queryId = query.queryId().value();
    return row;
  }

  /** Whether the fact is news to this row; if so, it counts as taken in. */
  private boolean advanceTo(long factSequence) {
    if (factSequence <= sequence) return false;
    sequence = factSequence;
    return true;
  }

  void issued(long factSequence) {
    if (advanceTo(factSequence)) state = State.ISSUED;
  }

  void initialized(String actualModel, long factSequence) {
    if (advanceTo(factSequence)) model = actualModel;
  }

  void apply(ModelRefused event, long factSequence) {
    if (!advanceTo(factSequence)) return;
    refusedBy = event.model();
    if (!event.fallback().isEmpty()) model = event.fallback();
  }

  void apply(TurnFinished event, long factSequence) {
    if (!advanceTo(factSequence)) return;
    spent = spent.plus(event.usage(), event.cost());
    turns++;
    if (event.priced() instanceof PriceSource.Unknown) priced = false;
  }

  void apply(RunEvent event, long factSequence, Instant at) {
    if (!advanceTo(factSequence)) return;
    switch (event) {
      case RunStarted started -> started(started, at);
      case RunCompleted it -> {
        stopReason = it.stopReason();
        result = SealedContent.seal(RunCompleted.class, "result", it.result());
        structuredOutput =
            SealedContent.seal(RunCompleted.class, "structuredOutput", it.structuredOutput());
        ended(State.COMPLETED, it.tally(), at);
      }
      case RunFailed failed -> {
        failure = failed.failure();
        error = SealedContent.seal(RunFailed.class, "error", failed.error());
        ended(failed.retrying() ? State.RETRYING : State.FAILED, failed.tally(), at);
      }
      case RunInterrupted interrupted -> ended(State.INTERRUPTED, interrupted.tally(), at);
      case RunResumed resumed -> state = State.ISSUED;
      case RunPaused paused -> ended(State.PAUSED, paused.tally(), at);
    }
  }

  private void started(RunStarted event, Instant at) {
    var execution = event.machinery();
    state = State.RUNNING;
    attempt = event.attempt();
    requestedModel = event.requestedModel();
    upstream = execution.upstream();
    sandbox = execution.sandbox();
    cliVersion = execution.cliVersion();
    node = execution.node();
    failure = null;
    error = null;
    if (startedAt == null) startedAt = at;
  }

  private void ended(State end, RunTotals runTotals, Instant at) {
    state = end;
    spent = UsageTotals.from(runTotals.usage(), runTotals.cost());
    turns = runTotals.turns();
    durationMillis = runTotals.duration().toMillis();
    if (end != State.RETRYING && end != State.PAUSED) endedAt = at;
  }

  public String id() {
    return id;
  }

  public String sessionId() {
    return sessionId;
  }

  public @Nullable String queryId() {
    return queryId;
  }

  public State state() {
    return state;
  }

  public int attempt() {
    return attempt;
  }

  public String requestedModel() {
    return requestedModel;
  }

  public @Nullable String model() {
    return model;
  }

  public @Nullable String refusedBy() {
    return refusedBy;
  }

  public @Nullable Upstream upstream() {
    return upstream;
  }

  public @Nullable SandboxLevel sandbox() {
    return sandbox;
  }

  public @Nullable String cliVersion() {
    return cliVersion;
  }

  public @Nullable String node() {
    return node;
  }

  public @Nullable StopReason stopReason() {
    return stopReason;
  }

  public @Nullable Failure failure() {
    return failure;
  }

  public @Nullable SealedContent result() {
    return result;
  }

  public @Nullable SealedContent structuredOutput() {
    return structuredOutput;
  }

  public @Nullable SealedContent error() {
    return error;
  }

  public UsageTotals spent() {
    return spent;
  }

  public boolean priced() {
    return priced;
  }

  public int turns() {
    return turns;
  }

  public long durationMillis() {
    return durationMillis;
  }

  /** Sequence of the fact that first named it: runs are in this order. */
  public long ordinal() {
    return ordinal;
  }

  public Instant askedAt() {
    return askedAt;
  }

  public @Nullable Instant startedAt() {
    return startedAt;
  }

  public @Nullable Instant endedAt() {
    return endedAt;
  }
}
