package io.agentledger.command.claude.run;

import io.agentledger.api.session.ActionEvent;
import io.agentledger.api.session.CheckpointEvent.Moment;
import io.agentledger.api.session.CheckpointId;
import io.agentledger.api.session.LifecycleEvent.BudgetSet;
import io.agentledger.api.session.LifecycleEvent.PermissionModeSet;
import io.agentledger.api.session.QueryEvent.InterruptRequested;
import io.agentledger.api.session.RunEvent;
import io.agentledger.api.session.RunEvent.Failure;
import io.agentledger.api.session.RunId;
import io.agentledger.api.session.SessionCommand;
import io.agentledger.api.session.SessionEvent;
import io.agentledger.command.claude.protocol.ClaudeMessage.Finished;
import io.agentledger.command.claude.record.RunOnRecord;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.Optional;

/**
 * The runs of one process, one after the other: begins attempts, hears what others wish of them,
 * says how they end. All but the looks from outside is the attendant's thread's.
 */
final class Shift {
  private final Post post;
  private final Equipment with;
  private final RunWriter writer;
  private final Desks desks;
  private final Helm helm;
  private final Ends ends;
  private final AsideDesk asides;
  private volatile Optional<Attempt> expected = Optional.empty();
  private volatile Optional<Attempt.Progress> current = Optional.empty();
  private volatile Instant lastLine;
  private Optional<Instant> finishedAt = Optional.empty();
  private boolean busy;

  Shift(Post post, Equipment with, RunWriter writer, Desks desks) {
    this.post = post;
    this.with = with;
    this.writer = writer;
    this.desks = desks;
    this.helm = new Helm(post);
    this.ends = new Ends(post, with, writer);
    this.asides = new AsideDesk(post, writer);
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
    ends.exceed(what);
  }

  void adopt(Attempt.Progress progress) {
    current = Optional.of(progress);
    busy = true;
  }

  // ---- the attendant's thread

  Helm helm() {
    return helm;
  }

  AsideDesk asides() {
    return asides;
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
      end(ends.aside(current.get()));
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

  void writePrompt() throws IOException {
    if (current.isPresent() && current.get().attempt.prompt().isPresent()) {
      Attempt.Prompt prompt = current.get().attempt.prompt().get();
      current.get().promptedAt = Optional.of(with.clock().instant());
      helm.prompt(prompt, current.get().options);
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
    end(ends.of(progress, finished));
    finishedAt = Optional.of(with.clock().instant());
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
    end(ends.of(progress, new Fault(failure, retryable, error)));
  }

  /** The process has ended and all that it said is recorded. */
  void ended() throws IOException {
    String why = post.process().lastWords();
    giveUp(Failure.CLI, true, why);
    asides.fail(why);
  }

  /** Reads what is new on the record, and acts on what others put there. */
  void lookAtRecord() {
    try {
      for (SessionEvent event : post.record().catchUp()) {
        react(event);
      }
      asides.ask(run());
    } catch (IOException unwritable) {
      throw new UncheckedIOException(unwritable);
    }
    if (run().flatMap(post.record()::run).filter(RunOnRecord::isInterruptRequested).isPresent()) {
      interrupt();
    }
    helm.stopTasks();
    helm.sendToBackground();
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
      case PermissionModeSet set ->
          current.ifPresent(progress -> helm.turnTo(set.permissionMode(), progress));
      case BudgetSet ignored -> current.ifPresent(progress -> writer.turnTo(progress.attempt));
      case RunEvent.RunFailed failed -> over(failed.runId());
      case RunEvent.RunInterrupted interrupted -> over(interrupted.runId());
      default -> {}
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
              helm.interrupt();
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
    helm.look();
    boolean waits = desks.isWaiting();
    return with.watchdog().check(progress, lastLine, waits, now);
  }
}
