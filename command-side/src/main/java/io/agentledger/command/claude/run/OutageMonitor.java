package io.agentledger.command.claude.run;

import io.agentledger.api.session.RunId;
import io.agentledger.api.session.event.TurnEvent.TurnRetried;
import io.agentledger.command.claude.process.ProcessContext;
import io.agentledger.command.claude.state.EventFactory;
import io.agentledger.command.model.ModelOutage;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Monitors whether the run of one process waits for an unavailable model API. Confined to one
 * thread.
 */
final class OutageMonitor {
  private final ProcessContext processContext;
  private final RunCommandSender runCommandSender;

  OutageMonitor(ProcessContext processContext, RunCommandSender runCommandSender) {
    this.processContext = processContext;
    this.runCommandSender = runCommandSender;
  }

  /**
   * Marks an attempt whose model has been unavailable for too long, and records an outage that the
   * CLI cannot notice because its requests are held back.
   *
   * @return whether the model is unavailable
   */
  boolean check(RunAttempt.AttemptState attemptState, Instant now) {
    RunId run = attemptState.attempt.run();
    Optional<ModelOutage> outage = runCommandSender.findOutage(run);
    if (attemptState.interruptedAt.isEmpty()) {
      attemptState.outage = outage.filter(cause -> attemptState.timedOut || cause.isTooLong(now));
    }
    outage
        .filter(ModelOutage::held)
        .filter(cause -> !attemptState.recordedOutage.equals(Optional.of(cause.since())))
        .ifPresent(cause -> record(attemptState, cause, now));
    return outage.isPresent();
  }

  private void record(RunAttempt.AttemptState attemptState, ModelOutage outage, Instant now) {
    attemptState.recordedOutage = Optional.of(outage.since());
    Duration wait = outage.remaining(now);
    EventFactory retry =
        (sealer, run, thread, position) ->
            new TurnRetried(
                sealer.session(), run, thread, position, 0, 0, wait, 0, outage.reason());
    runCommandSender.recordOwn(attemptState.attempt.run(), List.of(retry));
  }
}
