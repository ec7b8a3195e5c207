package io.agentledger.command.ops;

import io.agentledger.api.session.event.OutputEvent.IncidentNoted;
import io.agentledger.api.session.event.RunEvent;
import io.agentledger.api.session.event.RunEvent.RunCompleted;
import io.agentledger.api.session.event.RunEvent.RunFailed;
import io.agentledger.api.session.event.RunEvent.RunInterrupted;
import io.agentledger.api.session.event.RunEvent.RunPaused;
import io.agentledger.api.session.event.RunEvent.RunResumed;
import io.agentledger.api.session.event.RunEvent.RunStarted;
import io.agentledger.store.event.NotifyingEventStore;
import io.agentledger.store.telemetry.LogContext;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.axonframework.eventhandling.EventMessage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Metrics of the runs that ended here: durations and outcomes, which are logged, too, and the
 * number of incidents recorded here.
 */
final class RunMeters implements MeterBinder {
  private static final Logger log = LoggerFactory.getLogger(RunMeters.class);

  /** Registered at start with zero, so that an alarm can detect the first one. */
  private static final List<String> UNVERIFIED =
      List.of(
          "unverified_message",
          "unverified_prompt",
          "unverified_tool_call",
          "unverified_tool_result",
          "unverified_result");

  private final NotifyingEventStore store;

  RunMeters(NotifyingEventStore store) {
    this.store = store;
  }

  /** End of a run or of an attempt. */
  private record RunEnd(String outcome, String reason, Duration duration) {}

  @Override
  public void bindTo(MeterRegistry registry) {
    UNVERIFIED.forEach(incident -> incidents(registry, incident));
    store.onOwnCommit(
        message -> {
          if (message.getPayload() instanceof RunEvent event) onEvent(registry, event, message);
          if (message.getPayload() instanceof IncidentNoted event) onEvent(registry, event);
        });
  }

  private static void onEvent(MeterRegistry registry, IncidentNoted event) {
    incidents(registry, event.incident()).increment();
  }

  private static Counter incidents(MeterRegistry registry, String incident) {
    return Counter.builder("agentledger.incidents")
        .description("Incidents recorded on this node: invalid or forged output of a process")
        .tag("incident", incident)
        .register(registry);
  }

  private static void onEvent(MeterRegistry registry, RunEvent event, EventMessage<?> message) {
    var end =
        switch (event) {
          case RunStarted started -> null;
          case RunResumed resumed -> null;
          case RunCompleted runCompleted ->
              end("completed", runCompleted.stopReason(), runCompleted.totals());
          case RunFailed failed ->
              end(failed.retrying() ? "retried" : "failed", failed.failure(), failed.totals());
          case RunInterrupted runInterrupted ->
              new RunEnd("interrupted", "none", runInterrupted.totals().duration());
          case RunPaused paused -> new RunEnd("paused", "budget", paused.totals().duration());
        };
    if (end == null) return;
    Timer.builder("agentledger.runs")
        .description("Runs that ended on this node, by outcome")
        .tags("outcome", end.outcome(), "reason", end.reason())
        .register(registry)
        .record(end.duration());
    logEnd(event, end, message);
  }

  private static RunEnd end(String outcome, Enum<?> reason, RunEvent.RunTotals runTotals) {
    return new RunEnd(outcome, reason.name().toLowerCase(Locale.ROOT), runTotals.duration());
  }

  private static void logEnd(RunEvent event, RunEnd end, EventMessage<?> message) {
    try (var logContext = LogContext.open(message.getMetaData(), message.getIdentifier())) {
      log.atInfo()
          .addKeyValue("sessionId", event.sessionId())
          .addKeyValue("runId", event.runId())
          .addKeyValue("outcome", end.outcome())
          .addKeyValue("reason", end.reason())
          .addKeyValue("durationMillis", end.duration().toMillis())
          .log("run ended");
    }
  }
}
