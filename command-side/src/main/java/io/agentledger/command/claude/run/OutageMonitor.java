package io.agentledger.command.claude.run;

import io.agentledger.api.session.RunId;
import io.agentledger.api.session.command.Output;
import io.agentledger.command.claude.process.ProcessContext;
import io.agentledger.command.model.ModelOutage;
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
    Output.Retry retry = new Output.Retry(0, 0, outage.remaining(now), 0, outage.reason());
    runCommandSender.recordOwn(
        attemptState.attempt.run(), processContext.state().opened().threadId(), List.of(retry));
  }
}
