package io.agentledger.command.claude.run;

import io.agentledger.api.session.CheckpointId;
import io.agentledger.api.session.RunId;
import io.agentledger.api.session.command.SessionCommand;
import io.agentledger.api.session.event.ActionEvent;
import io.agentledger.api.session.event.CheckpointEvent.Moment;
import io.agentledger.api.session.event.LifecycleEvent.BudgetSet;
import io.agentledger.api.session.event.LifecycleEvent.PermissionModeSet;
import io.agentledger.api.session.event.QueryEvent.InterruptRequested;
import io.agentledger.api.session.event.RunEvent;
import io.agentledger.api.session.event.RunEvent.Failure;
import io.agentledger.api.session.event.SessionEvent;
import io.agentledger.command.claude.process.ProcessContext;
import io.agentledger.command.claude.protocol.ClaudeMessage.ResultMessage;
import io.agentledger.command.claude.state.RunState;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.Optional;

/**
 * The runs of one process, one after the other: begins attempts, hears what others wish of them,
 * says how they end. All but the looks from outside is the attendant's thread's.
 */
final class RunCoordinator {
  private final ProcessContext post;
  private final SupervisorServices with;
  private final RunCommandSender writer;
  private final ControlHandlers desks;
  private final ControlRequestSender helm;
  private final RunEndResolver ends;
  private final SideRequestHandler asides;
  private volatile Optional<RunAttempt> expected = Optional.empty();
  private volatile Optional<RunAttempt.AttemptState> current = Optional.empty();
  private volatile Instant lastLine;
  private Optional<Instant> finishedAt = Optional.empty();
  private boolean busy;

  RunCoordinator(
      ProcessContext post,
      SupervisorServices with,
      RunCommandSender writer,
      ControlHandlers desks) {
    this.post = post;
    this.with = with;
    this.writer = writer;
    this.desks = desks;
    this.helm = new ControlRequestSender(post);
    this.ends = new RunEndResolver(post, with, writer);
    this.asides = new SideRequestHandler(post, writer);
    this.lastLine = with.clock().instant();
  }

  // ---- looks from outside

  Optional<RunId> run() {
    return current.map(progress -> progress.attempt.run());
  }

  /** The attempt that is under way, or about to be. */
  Optional<RunAttempt> attempt() {
    return current.map(progress -> progress.attempt).or(() -> expected);
  }

  void heard(Instant at) {
    lastLine = at;
  }

  void expect(RunAttempt attempt) {
    expected = Optional.of(attempt);
  }

  /** It took more than it may, and is killed for it: that is why its run ends, however it ends. */
  void exceed(String what) {
    ends.exceed(what);
  }

  void adopt(RunAttempt.AttemptState progress) {
    current = Optional.of(progress);
    busy = true;
  }

  // ---- the attendant's thread

  ControlRequestSender helm() {
    return helm;
  }

  SideRequestHandler asides() {
    return asides;
  }

  Optional<RunAttempt.AttemptState> current() {
    return current;
  }

  /** Begins what is expected, unless the CLI is still at something. */
  void beginIfFree() throws IOException {
    if (busy || expected.isEmpty()) {
      return;
    }
    endAside();
    RunAttempt attempt = expected.get();
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
  boolean begin(RunAttempt attempt) {
    desks.clear();
    if (!writer.start(attempt)) {
      attempt.over().complete(null);
      return false;
    }
    current = Optional.of(new RunAttempt.AttemptState(attempt, with.clock().instant(), false));
    busy = busy || attempt.prompt().isPresent();
    finishedAt = Optional.empty();
    heard(with.clock().instant());
    lookAtRecord();
    return current.isPresent();
  }

  void writePrompt() throws IOException {
    if (current.isPresent() && current.get().attempt.prompt().isPresent()) {
      RunAttempt.Prompt prompt = current.get().attempt.prompt().get();
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

  void finish(ResultMessage finished) throws IOException {
    if (current.filter(progress -> progress.initialized).isEmpty()) {
      return; // Of a run whose end is on the record.
    }
    RunAttempt.AttemptState progress = current.get();
    writer.recordUsage();
    end(ends.of(progress, finished));
    finishedAt = Optional.of(with.clock().instant());
  }

  private void end(SessionCommand how) {
    RunAttempt attempt = current.orElseThrow().attempt;
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
    RunAttempt.AttemptState progress = current.get();
    end(ends.of(progress, new ProcessFault(failure, retryable, error)));
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
    if (run().flatMap(post.record()::run).filter(RunState::isInterruptRequested).isPresent()) {
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
      RunAttempt attempt = current.orElseThrow().attempt;
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
    RunAttempt.AttemptState progress = current.get();
    if (now.isAfter(progress.startedAt.plus(progress.attempt.options().timeout()))) {
      progress.timedOut = progress.interruptedAt.isEmpty() || progress.timedOut;
      interrupt();
    }
    helm.look();
    boolean waits = desks.isWaiting();
    return with.watchdog().check(progress, lastLine, waits, now);
  }
}
