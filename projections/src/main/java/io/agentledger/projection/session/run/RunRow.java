package io.agentledger.projection.session.run;

import io.agentledger.api.model.ModelUsage;
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
import io.agentledger.api.session.query.RunView.Status;
import io.agentledger.api.shared.Money;
import io.agentledger.projection.support.JsonConverter;
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
import java.util.List;
import org.hibernate.annotations.Immutable;
import org.jspecify.annotations.Nullable;

/** One run, from its query to its end. */
@Entity
@Table(name = "run_row")
@SuppressWarnings("NullAway.Init")
public class RunRow {
  @Id private String id;
  private String tenant;
  private String sessionId;
  private @Nullable String queryId;

  @Enumerated(EnumType.STRING)
  private Status status;

  private int attempt;
  private String requestedModel;
  private @Nullable String model;
  private @Nullable String refusedModel;

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
  private boolean costKnown;
  private @Nullable Long cliCostNanos;
  private int turns;

  @Convert(converter = ModelUsageColumn.class)
  private ModelUsage[] modelUsage;

  private long durationMs;
  private long ordinal;
  private long sequence;
  private Instant requestedAt;
  private @Nullable Instant startedAt;
  private @Nullable Instant endedAt;

  /** Column with the usage by model. */
  @Immutable
  static final class ModelUsageColumn extends JsonConverter<ModelUsage[]> {
    ModelUsageColumn() {
      super(ModelUsage[].class);
    }
  }

  protected RunRow() {}

  /** Event data of the first event of a row. */
  record RunContext(String tenant, long sequence, Instant at) {}

  private RunRow(RunContext runContext, Status status, String requestedModel) {
    this.tenant = runContext.tenant();
    this.ordinal = runContext.sequence();
    this.requestedAt = runContext.at();
    this.status = status;
    this.requestedModel = requestedModel;
    this.spent = UsageTotals.ZERO;
    this.costKnown = true;
    this.modelUsage = new ModelUsage[0];
  }

  static RunRow create(QueryQueued event, RunContext runContext) {
    var row = new RunRow(runContext, Status.QUEUED, event.options().model());
    row.id = event.runId().value();
    row.sessionId = event.sessionId().value();
    row.queryId = event.queryId().value();
    row.sequence = runContext.sequence();
    return row;
  }

  static RunRow create(QueryIssued event, RunContext runContext) {
    var row = new RunRow(runContext, Status.ISSUED, event.options().model());
    row.id = event.runId().value();
    row.sessionId = event.sessionId().value();
    row.queryId = event.queryId().value();
    row.sequence = runContext.sequence();
    return row;
  }

  /** Creates the row of a run without a query; the event itself is applied separately. */
  static RunRow create(RunStarted event, RunContext runContext) {
    var row = new RunRow(runContext, Status.ISSUED, event.requestedModel());
    row.id = event.runId().value();
    row.sessionId = event.sessionId().value();
    if (event.cause() instanceof Cause.Query query) row.queryId = query.queryId().value();
    return row;
  }

  /** Returns false if the row contains the event already; otherwise advances to it. */
  private boolean advanceTo(long eventSequence) {
    if (eventSequence <= sequence) return false;
    sequence = eventSequence;
    return true;
  }

  void onIssued(long eventSequence) {
    if (advanceTo(eventSequence)) status = Status.ISSUED;
  }

  void onWithdrawn(long eventSequence, Instant at) {
    if (!advanceTo(eventSequence)) return;
    status = Status.INTERRUPTED;
    endedAt = at;
  }

  void onInitialized(String actualModel, long eventSequence) {
    if (advanceTo(eventSequence)) model = actualModel;
  }

  void apply(ModelRefused event, long eventSequence) {
    if (!advanceTo(eventSequence)) return;
    refusedModel = event.model();
    if (!event.fallbackModel().isEmpty()) model = event.fallbackModel();
  }

  void apply(TurnFinished event, long eventSequence) {
    if (!advanceTo(eventSequence)) return;
    spent = spent.plus(event.usage(), event.costUsd());
    turns++;
    setModelUsage(ModelUsage.plusTurn(modelUsage(), event.model(), event.usage(), event.costUsd()));
    if (event.priceSource() instanceof PriceSource.Unknown) costKnown = false;
  }

  void apply(RunEvent event, long eventSequence, Instant at) {
    if (!advanceTo(eventSequence)) return;
    switch (event) {
      case RunStarted started -> onStarted(started, at);
      case RunCompleted runCompleted -> {
        stopReason = runCompleted.stopReason();
        cliCostNanos =
            runCompleted.cliCostUsd().stream().map(Money::nanos).findFirst().orElse(null);
        result = SealedContent.of(RunCompleted.class, "result", runCompleted.result());
        structuredOutput =
            SealedContent.of(
                RunCompleted.class, "structuredOutput", runCompleted.structuredOutput());
        onAttemptEnded(Status.COMPLETED, runCompleted.totals(), at);
      }
      case RunFailed failed -> {
        failure = failed.failure();
        error = SealedContent.of(RunFailed.class, "error", failed.error());
        onAttemptEnded(failed.retrying() ? Status.RETRYING : Status.FAILED, failed.totals(), at);
      }
      case RunInterrupted interrupted ->
          onAttemptEnded(Status.INTERRUPTED, interrupted.totals(), at);
      case RunResumed resumed -> status = Status.ISSUED;
      case RunPaused paused -> onAttemptEnded(Status.PAUSED, paused.totals(), at);
    }
  }

  private void onStarted(RunStarted event, Instant at) {
    var execution = event.execution();
    status = Status.RUNNING;
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

  private void onAttemptEnded(Status end, RunTotals runTotals, Instant at) {
    status = end;
    spent = UsageTotals.from(runTotals.usage(), runTotals.costUsd());
    turns = runTotals.turns();
    setModelUsage(runTotals.models());
    durationMs = runTotals.duration().toMillis();
    if (end != Status.RETRYING && end != Status.PAUSED) endedAt = at;
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

  public Status status() {
    return status;
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

  public @Nullable String refusedModel() {
    return refusedModel;
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

  public boolean costKnown() {
    return costKnown;
  }

  public @Nullable Money cliCost() {
    return cliCostNanos == null ? null : new Money(cliCostNanos);
  }

  public int turns() {
    return turns;
  }

  public List<ModelUsage> modelUsage() {
    return List.of(modelUsage);
  }

  private void setModelUsage(List<ModelUsage> usage) {
    modelUsage = usage.toArray(ModelUsage[]::new);
  }

  public long durationMs() {
    return durationMs;
  }

  /** Returns the sequence of the run's first event, which determines the order of runs. */
  public long ordinal() {
    return ordinal;
  }

  public Instant requestedAt() {
    return requestedAt;
  }

  public @Nullable Instant startedAt() {
    return startedAt;
  }

  public @Nullable Instant endedAt() {
    return endedAt;
  }
}
