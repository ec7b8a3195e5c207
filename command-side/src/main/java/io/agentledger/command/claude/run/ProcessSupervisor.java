package io.agentledger.command.claude.run;

import io.agentledger.api.session.RunId;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.event.RunEvent.Failure;
import io.agentledger.command.claude.live.LivePublisher;
import io.agentledger.command.claude.process.JournalTailer;
import io.agentledger.command.claude.process.ModelEndpoint;
import io.agentledger.command.claude.process.ProcessContext;
import io.agentledger.command.claude.record.DerivedIds;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Attends one process for as long as it lives on this node. Everything that is recorded of it and
 * everything that is written to it goes through one thread; frames pass on another one, at once.
 */
public final class ProcessSupervisor implements JournalTailer.Listener {
  private static final Logger log = LoggerFactory.getLogger(ProcessSupervisor.class);
  private static final long TICK_MILLIS = 500;
  private static final Duration GRACE = Duration.ofSeconds(2);

  private final ProcessContext post;
  private final SupervisorServices with;
  private final LivePublisher view;
  private final ClaudeMessageHandler hearing;
  private final RunCoordinator shift;
  private final TaskQueue inbox = new TaskQueue();
  private final CompletableFuture<Void> gone = new CompletableFuture<>();
  private Optional<JournalTailer> reader = Optional.empty();
  private volatile Instant lastUse;
  private volatile boolean left;
  private volatile boolean handedOver;
  private long lookedAt = System.nanoTime();

  /** The process went before the attempt had an end; the record tells how far it came. */
  public static final class ProcessGoneException extends IOException {
    private static final long serialVersionUID = 1L;

    ProcessGoneException() {
      super("the process is gone");
    }
  }

  public ProcessSupervisor(
      ProcessContext post, ModelEndpoint.Connection door, SupervisorServices with) {
    this.post = post;
    this.with = with;
    DerivedIds names = new DerivedIds(post.record().session(), post.record().opening().threadId());
    this.view = new LivePublisher(names, with.lane(), with.clock());
    this.hearing = new ClaudeMessageHandler(post, door, with, task -> inbox.put(task::run));
    this.shift = hearing.shift();
    this.lastUse = with.clock().instant();
  }

  /** Begins with a new process. */
  public ProcessSupervisor begin() throws IOException {
    inbox.put(hearing::introduce);
    return start(0);
  }

  /** Reads the journal from where the record ends. */
  public ProcessSupervisor start(long offset) throws IOException {
    reader = Optional.of(JournalTailer.follow(post.process(), offset, with.watch(), this));
    Thread.ofVirtual().name("attendant-" + post.id()).start(this::loop);
    return this;
  }

  public SessionId session() {
    return post.record().session();
  }

  public ProcessContext post() {
    return post;
  }

  /** Completes when the process is gone, or has been let go of. */
  public CompletableFuture<Void> gone() {
    return gone;
  }

  /** At a run, or at what is asked aside. */
  public boolean isBusy() {
    return shift.attempt().isPresent() || shift.asides().isWaiting();
  }

  /** The attempt at this run that is under way here, or about to be. */
  public Optional<RunAttempt> at(RunId run) {
    return shift.attempt().filter(attempt -> attempt.run().equals(run));
  }

  public Instant lastUse() {
    return lastUse;
  }

  /** Carries out an attempt as soon as the process is free. */
  public void take(RunAttempt attempt) {
    lastUse = with.clock().instant();
    shift.expect(attempt);
    inbox.put(this::beginNext);
    failWithoutEnd(attempt);
  }

  /** What the process knows of files that were put back is wrong: another one begins. */
  private void beginNext() throws IOException {
    if (!shift.isAtWork()) {
      if (shift.isOutOfDate()) {
        endProcess();
        return;
      }
      shift.keepTouched();
    }
    shift.beginIfFree();
  }

  /** Goes on with an attempt that the record says is under way at this process. */
  public void adopt(RunAttempt.AttemptState progress) {
    shift.adopt(progress);
    inbox.put(hearing::greet);
    failWithoutEnd(progress.attempt);
  }

  /** An attempt that is handed over to an heir does not end here, whatever it waits for. */
  private void failWithoutEnd(RunAttempt attempt) {
    gone.thenRun(
        () -> {
          if (!handedOver) {
            attempt.over().completeExceptionally(new ProcessGoneException());
          }
        });
  }

  /** Somebody else put facts on the session's record. */
  public void lookAtRecord() {
    inbox.put(shift::lookAtRecord);
  }

  /** Ends an idle process; the conversation can be resumed. */
  public void retire() {
    inbox.put(
        () -> {
          leave();
          post.process().retire(GRACE);
          closeDoor();
        });
  }

  /** Ends the process with all it does: its lease is lost, or its session is. */
  public void dismiss() {
    inbox.put(this::endProcess);
  }

  /**
   * Kills the process: it has taken more than it may. What it said until then is recorded, and then
   * that its run ended by this.
   *
   * @param what in words, for whoever reads the record
   */
  public void exceed(String what) throws IOException {
    log.atWarn()
        .addKeyValue("sessionId", session())
        .addKeyValue("processId", post.id())
        .addKeyValue("limit", what)
        .log("an agent took more than it may and is ended");
    shift.exceed(what);
    post.process().kill();
  }

  /** Leaves the process running, and its run to an heir. */
  public void letGo() {
    inbox.put(
        () -> {
          handedOver = true;
          leave();
          post.process().close();
          closeDoor();
        });
  }

  private void loop() {
    try {
      while (!left) {
        inbox.poll(TICK_MILLIS).ifPresent(this::attempt);
        lookInTime(); // However much it says: who talks without an end is not looked at else.
      }
    } catch (InterruptedException stopped) {
      leave();
    } finally {
      gone.complete(null);
    }
  }

  private void lookInTime() {
    long now = System.nanoTime();
    if (!left && now - lookedAt >= TimeUnit.MILLISECONDS.toNanos(TICK_MILLIS)) {
      lookedAt = now;
      attempt(this::look);
    }
  }

  private void attempt(TaskQueue.Task task) {
    try {
      task.run();
    } catch (IOException | RuntimeException fault) {
      log.atError()
          .addKeyValue("sessionId", session())
          .addKeyValue("processId", post.id())
          .setCause(fault)
          .log("attending failed");
      fail(fault);
    }
  }

  /** The process cannot be trusted or not be recorded any more. */
  private void fail(Exception fault) {
    try {
      shift.giveUp(Failure.CLI, true, String.valueOf(fault.getMessage()));
      endProcess();
    } catch (IOException | RuntimeException unrecorded) {
      log.atError().setCause(unrecorded).log("the process is let go of, for its heir");
      leave();
      try {
        post.process().close();
        closeDoor();
      } catch (IOException closed) {
        log.atWarn().setCause(closed).log("cannot let go of a process");
      }
    }
  }

  private void look() throws IOException {
    hearing.show(view.glimpses());
    Optional<String> wrong = shift.look();
    if (wrong.isPresent()) {
      log.atWarn()
          .addKeyValue("sessionId", session())
          .addKeyValue("processId", post.id())
          .addKeyValue("fault", wrong.get())
          .log("a CLI process is ended");
      shift.giveUp(Failure.CLI, true, wrong.get());
      endProcess();
    }
  }

  private void endProcess() throws IOException {
    leave();
    post.process().end(GRACE);
    closeDoor();
  }

  private void leave() {
    left = true;
    reader.ifPresent(JournalTailer::close);
  }

  private void closeDoor() {
    hearing.close();
    with.confinement().release(post.id().value());
  }

  @Override
  public void take(List<JournalTailer.Entry> batch) throws IOException {
    batch.forEach(entry -> view.pass(entry.message(), shift.run()));
    lastUse = with.clock().instant();
    shift.heard(lastUse);
    inbox.putBatch(
        () -> {
          if (hearing.take(batch)) {
            endProcess();
          }
        });
  }

  @Override
  public void ended() {
    inbox.put(
        () -> {
          leave();
          shift.ended();
          post.process().end(Duration.ZERO);
          closeDoor();
        });
  }

  @Override
  public void failed(Exception fault) {
    inbox.put(
        () -> {
          throw new IOException("the journal cannot be read", fault);
        });
  }
}
