package io.agentledger.command.claude.run;

import io.agentledger.api.session.ActionEvent;
import io.agentledger.api.session.CheckpointEvent.Moment;
import io.agentledger.api.session.CheckpointId;
import io.agentledger.api.session.LifecycleEvent.BudgetSet;
import io.agentledger.api.session.LifecycleEvent.PermissionModeSet;
import io.agentledger.api.session.PermissionMode;
import io.agentledger.api.session.QueryEvent.InterruptRequested;
import io.agentledger.api.session.RunEvent;
import io.agentledger.api.session.RunEvent.Failure;
import io.agentledger.api.session.RunEvent.StopReason;
import io.agentledger.api.session.RunId;
import io.agentledger.api.session.SessionCommand;
import io.agentledger.api.session.SessionCommand.FinishRun;
import io.agentledger.api.session.SessionEvent;
import io.agentledger.command.claude.process.LaunchSpec;
import io.agentledger.command.claude.protocol.ClaudeInput;
import io.agentledger.command.claude.protocol.ClaudeMessage.Finished;
import io.agentledger.command.claude.record.Outcomes;
import io.agentledger.command.claude.record.RunOnRecord;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * The runs of one process, one after the other: begins attempts, hears what others wish of them,
 * says how they end. All but the looks from outside is the attendant's thread's.
 */
final class Shift {
  private final Post post;
  private final Equipment with;
  private final RunWriter writer;
  private final Desks desks;
  private volatile Optional<Attempt> expected = Optional.empty();
  private volatile Optional<Attempt.Progress> current = Optional.empty();
  private volatile Instant lastLine;
  private Optional<Instant> finishedAt = Optional.empty();
  private volatile Optional<String> exceeded = Optional.empty();
  private boolean busy;

  /** Which model the process asks; unknown of one that was taken over. */
  private Optional<String> model = Optional.empty();

  private final Set<String> stopped = new HashSet<>();

  Shift(Post post, Equipment with, RunWriter writer, Desks desks) {
    this.post = post;
    this.with = with;
    this.writer = writer;
    this.desks = desks;
    this.lastLine = with.clock().instant();
  }

  // ---- looks from outside

  Optional<RunId> run() {
    return current.map(progress -> progress.attempt.run());
  }

  /** The attempt that is under way, or about to be. */
  Optional<Attempt> attempt() {
    return current.map(progress -> progress.attempt).or(() -> expected);
  }

  void heard(Instant at) {
    lastLine = at;
  }

  void expect(Attempt attempt) {
    expected = Optional.of(attempt);
  }

  /** It took more than it may, and is killed for it: that is why its run ends, however it ends. */
  void exceed(String what) {
    exceeded = Optional.of(what);
  }

  void adopt(Attempt.Progress progress) {
    current = Optional.of(progress);
    busy = true;
  }

  // ---- the attendant's thread

  /** The process has just been started, as it is specified. */
  void isFresh() {
    model = Optional.of(post.spec().model().orElse(""));
  }

  Optional<Attempt.Progress> current() {
    return current;
  }

  /** Begins what is expected, unless the CLI is still at something. */
  void beginIfFree() throws IOException {
    if (busy || expected.isEmpty()) {
      return;
    }
    endAside();
    Attempt attempt = expected.get();
    boolean begun = begin(attempt);
    expected = Optional.empty();
    if (begun) {
      writePrompt();
    }
  }

  /** What was said by itself outside of any turn: nothing of it will follow. */
  private void endAside() {
    if (current.filter(progress -> !progress.initialized).isPresent()) {
      Outcomes of = outcomes(current.get());
      end(
          new FinishRun(
              of.session(), of.run(), of.epoch(), StopReason.COMPLETED, of.duration(), "", null));
    }
  }

  /**
   * @return false if the run is over already
   */
  boolean begin(Attempt attempt) {
    desks.clear();
    if (!writer.start(attempt)) {
      attempt.over().complete(null);
      return false;
    }
    current = Optional.of(new Attempt.Progress(attempt, with.clock().instant(), false));
    busy = busy || attempt.prompt().isPresent();
    finishedAt = Optional.empty();
    heard(with.clock().instant());
    lookAtRecord();
    return current.isPresent();
  }

  /** To the same process the same prompt may be written again: the CLI drops a uuid it knows. */
  void writePrompt() throws IOException {
    if (current.isPresent() && current.get().attempt.prompt().isPresent()) {
      Attempt.Prompt prompt = current.get().attempt.prompt().get();
      current.get().promptedAt = Optional.of(with.clock().instant());
      turnTo(current.get().options.model());
      if (post.spec().planning()) { // A plan that was approved before ended its mode.
        post.process().send(ClaudeInput.mode("mode-" + UUID.randomUUID(), LaunchSpec.PLAN));
      }
      post.process().send(ClaudeInput.prompt(prompt.uuid(), prompt.text(), prompt.attached()));
    }
  }

  private void turnTo(String wanted) throws IOException {
    if (model.filter(wanted::equals).isEmpty()) {
      post.process().send(ClaudeInput.model("model-" + UUID.randomUUID(), wanted));
      model = Optional.of(wanted);
    }
  }

  /**
   * @return what is wrong with the process, if something is
   */
  Optional<String> changed(String state) throws IOException {
    switch (state) {
      case "running" -> busy = true;
      case "idle" -> {
        if (current.filter(progress -> progress.initialized).isPresent()) {
          return Optional.of("the CLI is idle and gave no result");
        }
        if (current.isEmpty() || current.get().promptedAt.isEmpty()) {
          busy = false;
          finishedAt = Optional.empty();
          endAside();
          beginIfFree();
        }
      }
      default -> {}
    }
    return Optional.empty();
  }

  void finish(Finished finished) throws IOException {
    if (current.filter(progress -> progress.initialized).isEmpty()) {
      return; // Of a run whose end is on the record.
    }
    Attempt.Progress progress = current.get();
    writer.recordUsage();
    end(outcome(progress, finished));
    finishedAt = Optional.of(with.clock().instant());
  }

  private SessionCommand outcome(Attempt.Progress progress, Finished finished) {
    if (progress.timedOut) return timeout(progress);
    boolean interrupted = progress.interruptedAt.isPresent();
    return finished.isError() && !interrupted && writer.isRefused(progress.attempt.run())
        ? outcomes(progress).paused()
        : outcomes(progress).of(finished, interrupted);
  }

  private SessionCommand timeout(Attempt.Progress progress) {
    String error = "The run took longer than " + progress.attempt.options().timeout() + ".";
    return outcomes(progress).failed(Failure.TIMEOUT, false, error);
  }

  private Outcomes outcomes(Attempt.Progress progress) {
    Duration duration = Duration.between(progress.startedAt, with.clock().instant());
    return new Outcomes(
        post.record().session(),
        progress.attempt.run(),
        post.epoch(),
        duration,
        progress.attempt.options().wantsShape());
  }

  private void end(SessionCommand how) {
    Attempt attempt = current.orElseThrow().attempt;
    writer.end(how);
    current = Optional.empty();
    desks.clear();
    settle(with.states().keep(post, new Moment.After(attempt.run()), attempt.provenance()));
    attempt.over().complete(null);
  }

  /** What was changed from outside is not the run's that begins. */
  void keepTouched() {
    expected.ifPresent(
        next -> settle(with.states().keepTouched(post, next.run(), next.provenance())));
  }

  private void settle(Optional<CheckpointId> taken) {
    lookAtRecord();
    taken.ifPresent(id -> with.states().settle(post, id));
  }

  boolean isAtWork() {
    return busy || current.isPresent();
  }

  /** Whether somebody has put the files back since the process saw them. */
  boolean isOutOfDate() {
    lookAtRecord();
    return !with.states().isCurrent(post);
  }

  /** Ends what is under way, if something is: the process will not. */
  void giveUp(Failure failure, boolean retryable, String error) throws IOException {
    if (current.isEmpty()) {
      return;
    }
    writer.recordUsage();
    Attempt.Progress progress = current.get();
    Optional<String> limit = exceeded.or(this::endedByTheKernel);
    if (limit.isPresent()) {
      end(outcomes(progress).failed(Failure.LIMIT, false, limit.get()));
    } else if (progress.timedOut) {
      end(timeout(progress));
    } else if (progress.interruptedAt.isPresent()) {
      end(outcomes(progress).interrupted());
    } else {
      end(outcomes(progress).failed(failure, retryable, error));
    }
  }

  private Optional<String> endedByTheKernel() {
    try {
      return post.process().isAlive()
          ? Optional.empty()
          : with.confinement().endedBy(post.id().value(), post.process().exitStatus());
    } catch (IOException unreadable) {
      return Optional.empty();
    }
  }

  /** The process has ended and all that it said is recorded. */
  void ended() throws IOException {
    var status = post.process().exitStatus();
    String how = status.isPresent() ? "with status " + status.getAsInt() : "without a trace";
    giveUp(Failure.CLI, true, "the CLI ended " + how + ": " + post.process().stderrTail());
  }

  /** Reads what is new on the record, and acts on what others put there. */
  void lookAtRecord() {
    try {
      for (SessionEvent event : post.record().catchUp()) {
        react(event);
      }
    } catch (IOException unwritable) {
      throw new UncheckedIOException(unwritable);
    }
    if (run().flatMap(post.record()::run).filter(RunOnRecord::isInterruptRequested).isPresent()) {
      interrupt();
    }
    stopTasks();
  }

  /** The CLI says when they have stopped; one that it does not know it passes over. */
  private void stopTasks() {
    for (String task : post.record().tasksToStop()) {
      if (stopped.add(task)) {
        tell(ClaudeInput.stopTask("stop-" + UUID.randomUUID(), task));
      }
    }
  }

  private void tell(ClaudeInput input) {
    try {
      post.process().send(input);
    } catch (IOException gone) {
      // Then its end will be noticed.
    }
  }

  private void react(SessionEvent event) throws IOException {
    switch (event) {
      case ActionEvent action -> {
        if (desks.settle(action)) {
          current.ifPresent(progress -> progress.planApproved = true);
        }
      }
      case InterruptRequested wish when run().filter(wish.runId()::equals).isPresent() ->
          interrupt();
      case PermissionModeSet set -> current.ifPresent(progress -> turnTo(set, progress));
      case BudgetSet ignored -> current.ifPresent(progress -> writer.turnTo(progress.attempt));
      case RunEvent.RunFailed failed -> over(failed.runId());
      case RunEvent.RunInterrupted interrupted -> over(interrupted.runId());
      default -> {}
    }
  }

  /** The mode is ours; the model is told only whether it plans. */
  private void turnTo(PermissionModeSet set, Attempt.Progress progress) {
    boolean planned = progress.options.permissionMode() == PermissionMode.PLAN;
    boolean plans = set.permissionMode() == PermissionMode.PLAN;
    progress.options = progress.options.in(set.permissionMode());
    if (planned != plans) {
      String mode = plans ? LaunchSpec.PLAN : LaunchSpec.UNPLANNED;
      tell(ClaudeInput.mode("mode-" + UUID.randomUUID(), mode));
    }
  }

  /** The house ended the run while we were at it. */
  private void over(RunId run) {
    if (run().filter(run::equals).isPresent()) {
      Attempt attempt = current.orElseThrow().attempt;
      interrupt();
      current = Optional.empty();
      desks.clear();
      finishedAt = Optional.of(with.clock().instant()); // It must come to rest, or it is ended.
      attempt.over().complete(null);
    }
  }

  private void interrupt() {
    current
        .filter(progress -> progress.interruptedAt.isEmpty())
        .ifPresent(
            progress -> {
              progress.interruptedAt = Optional.of(with.clock().instant());
              tell(ClaudeInput.interrupt("stop-" + UUID.randomUUID()));
            });
  }

  /**
   * @return what is wrong with the process, if something is
   */
  Optional<String> look() {
    Instant now = with.clock().instant();
    if (current.isEmpty()) {
      return finishedAt
          .filter(at -> busy && with.watchdog().isHung(at, now))
          .map(at -> "the CLI hung after its result");
    }
    Attempt.Progress progress = current.get();
    if (now.isAfter(progress.startedAt.plus(progress.attempt.options().timeout()))) {
      progress.timedOut = progress.interruptedAt.isEmpty() || progress.timedOut;
      interrupt();
    }
    boolean waits = desks.isWaiting();
    return with.watchdog().check(progress, lastLine, waits, now);
  }
}
