package io.agentledger.command.session;

import static org.axonframework.modelling.command.AggregateLifecycle.apply;

import io.agentledger.api.content.Content;
import io.agentledger.api.session.RunOptions;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.command.Input;
import io.agentledger.api.session.command.SessionCommand;
import io.agentledger.api.session.command.SubmitResult.Accepted;
import io.agentledger.api.session.event.QueryEvent.QueryIssued;
import io.agentledger.api.session.event.QueryEvent.QueryQueued;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.api.shared.SessionRejection.QueueFull;
import io.agentledger.command.support.SessionSealer;
import java.time.Duration;
import java.util.Optional;

/**
 * Accepts queries: one is executed, up to sixteen wait.
 *
 * @param runStarter starts the run of a query that is executed, if it can
 * @param firstSequence sequence number of the first event of the command
 */
record QueryIntake(
    RunLifecycle runLifecycle,
    SessionBudget budget,
    RunOptions defaults,
    SessionSealer sealer,
    RunStarter runStarter,
    long firstSequence) {
  /** Suggested delay before a rejected client retries; runs rarely end sooner. */
  private static final Duration RETRY_AFTER = Duration.ofSeconds(5);

  Accepted accept(Input.Prompt prompt) {
    var accepted = findAccepted(prompt);
    if (accepted.isPresent()) return accepted.get();
    runLifecycle.sessionLifecycle().requireAcceptsInput();
    budget.requireBudgetLeft();
    if (!runLifecycle.sessionLifecycle().isPaused()) runLifecycle.resume();
    boolean waits =
        runLifecycle.sessionLifecycle().isPaused() || runLifecycle.runs().queryRun().isPresent();
    int before = waits ? 1 + runLifecycle.queue().size() : 0;
    if (before > 0) enqueue(prompt);
    else issue(prompt);
    return new Accepted(prompt.queryId(), prompt.runId(), before);
  }

  private Optional<Accepted> findAccepted(Input.Prompt prompt) {
    int position = runLifecycle.queue().positionOf(prompt.queryId());
    boolean current =
        runLifecycle.runs().queryRun().filter(run -> run.isFor(prompt.queryId())).isPresent();
    return position < 0 && !current
        ? Optional.empty()
        : Optional.of(new Accepted(prompt.queryId(), prompt.runId(), position + 1));
  }

  private void applyParts(Input.Prompt prompt) {
    if (!prompt.attachments().isEmpty()) apply(SessionPayloads.filesAttachedEvent(prompt, sealer));
    if (!prompt.mentions().isEmpty()) apply(SessionPayloads.filesMentionedEvent(prompt, sealer));
    if (prompt.command() != null)
      apply(SessionPayloads.commandInvokedEvent(prompt.queryId(), prompt.command(), sealer));
  }

  private void issue(Input.Prompt prompt) {
    var issued =
        new QueryIssued(
            session(),
            prompt.queryId(),
            prompt.runId(),
            prompt.cause(),
            prompt.overrides().applyTo(defaults),
            sealer.text(QueryIssued.class, "prompt", prompt.text()));
    var recorded = new RunStarter.Recorded(firstSequence, runLifecycle.journals().epoch());
    var process = runStarter.reserve(issued, recorded); // Before the first event.
    applyParts(prompt);
    apply(issued);
    process.ifPresent(execution -> runLifecycle.start(issued, execution, sealer));
  }

  private void enqueue(Input.Prompt prompt) {
    if (runLifecycle.queue().isFull())
      throw new RejectionException(new QueueFull(SessionCommand.QUEUED_MAX, RETRY_AFTER));
    applyParts(prompt);
    Content sealed = sealer.text(QueryQueued.class, "prompt", prompt.text());
    apply(
        new QueryQueued(
            session(),
            prompt.queryId(),
            prompt.runId(),
            prompt.cause(),
            prompt.overrides().applyTo(defaults),
            sealed));
  }

  private SessionId session() {
    return sealer.session();
  }
}
