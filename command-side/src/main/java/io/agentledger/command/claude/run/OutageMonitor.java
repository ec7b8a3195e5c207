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

/** Watches whether one process's run waits for a model API that is away. One thread's own. */
final class OutageMonitor {
  private final ProcessContext processContext;
  private final RunCommandSender runCommandSender;

  OutageMonitor(ProcessContext processContext, RunCommandSender runCommandSender) {
    this.processContext = processContext;
    this.runCommandSender = runCommandSender;
  }

  /**
   * Marks an attempt whose model has been away for too long, and records what it waits for where
   * the CLI cannot know: requests that are held are no failures to it.
   *
   * @return whether the model is away
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
