package io.agentledger.command.model.usage;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.agentledger.api.session.RunId;
import io.agentledger.api.session.SourcePosition;
import io.agentledger.api.session.ThreadId;
import io.agentledger.api.session.event.OutputEvent.PriceSource;
import io.agentledger.api.session.event.OutputEvent.TurnStatus;
import io.agentledger.api.session.event.TurnEvent.TurnFinished;
import io.agentledger.api.shared.Money;
import io.agentledger.command.support.SessionSealer;
import java.time.Instant;

/**
 * One exchange with a model, as stored in a line of the usage file. {@code estimated} marks an
 * output count that the service estimated because the stream ended before the model reported it;
 * {@code simulated} marks a cost that is not charged.
 */
public record ModelExchange(
    Phase phase,
    String exchangeId,
    String sessionId,
    String runId,
    String processId,
    String upstream,
    boolean simulated,
    String model,
    String messageId,
    Instant startedAt,
    Instant recordedAt,
    TokenUsage usage,
    Cost cost,
    boolean estimated,
    String stopReason) {

  /** Phase of an exchange when its line was written. */
  public enum Phase {
    @JsonProperty("start")
    START,
    @JsonProperty("final")
    FINAL,
    @JsonProperty("cut")
    CUT
  }

  /** Returns a copy of the exchange, cut now, with its output so far. */
  public ModelExchange cut(Instant now, TokenUsage usageSoFar, Cost costSoFar) {
    return ended(Phase.CUT, now, usageSoFar, costSoFar);
  }

  /** Returns a copy of the exchange, finished as the model reported it. */
  public ModelExchange finished(Instant now, TokenUsage total, Cost totalCost, String reason) {
    return new ModelExchange(
        Phase.FINAL,
        exchangeId,
        sessionId,
        runId,
        processId,
        upstream,
        simulated,
        model,
        messageId,
        startedAt,
        now,
        total,
        totalCost,
        false,
        reason);
  }

  private ModelExchange ended(Phase end, Instant now, TokenUsage total, Cost totalCost) {
    return new ModelExchange(
        end,
        exchangeId,
        sessionId,
        runId,
        processId,
        upstream,
        simulated,
        model,
        messageId,
        startedAt,
        now,
        total,
        totalCost,
        true,
        "");
  }

  /** Returns the cost of the exchange; zero if it is simulated. */
  public Money paid() {
    return simulated ? Money.ZERO : new Money(cost.nanos());
  }

  /** Returns the event of an exchange that has ended. */
  public TurnFinished toEvent(
      SessionSealer sealer, RunId run, ThreadId thread, SourcePosition position) {
    return new TurnFinished(
        sealer.session(),
        run,
        thread,
        position,
        exchangeId,
        model,
        usage.tokens(),
        paid(),
        priceSource(),
        phase == Phase.FINAL ? TurnStatus.COMPLETED : TurnStatus.TRUNCATED);
  }

  private PriceSource priceSource() {
    if (simulated) return new PriceSource.Rehearsed();
    return switch (cost.basis()) {
      case LISTED -> new PriceSource.Table(cost.table());
      case FALLBACK -> new PriceSource.Unknown();
    };
  }
}
