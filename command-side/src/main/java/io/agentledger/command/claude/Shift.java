package io.agentledger.command.claude;

import io.agentledger.api.identity.Provenance;
import io.agentledger.api.session.ActionEvent;
import io.agentledger.api.session.Output;
import io.agentledger.api.session.Place;
import io.agentledger.api.session.QueryEvent.InterruptRequested;
import io.agentledger.api.session.RunEvent;
import io.agentledger.api.session.RunEvent.Cause;
import io.agentledger.api.session.RunEvent.Failure;
import io.agentledger.api.session.RunId;
import io.agentledger.api.session.SessionCommand;
import io.agentledger.api.session.SessionCommand.RecordOutput;
import io.agentledger.api.session.SessionCommand.StartRun;
import io.agentledger.api.session.SessionEvent;
import io.agentledger.api.session.ThreadId;
import io.agentledger.api.shared.Rejected;
import io.agentledger.api.shared.Rejection;
import io.agentledger.command.claude.ClaudeMessage.Finished;
import io.agentledger.command.claude.ClaudeMessage.PermissionAsked;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

/**
 * What one process is doing, run after run: begins attempts, records what is said, answers after
 * the record, and says how runs end. All but a few looks from outside is the attendant's thread's.
 */
final class Shift {
  private final Post post;
  private final ModelDoor.Opening door;
  private final Equipment with;
  private final DerivedNames names;
  private final RunRecorder recorder;
  private final PermissionDesk desk;
  private volatile Optional<Attempt> expected = Optional.empty();
  private volatile Optional<Attempt.Progress> current = Optional.empty();
  private volatile Instant lastLine;
  private Optional<Instant> finishedAt = Optional.empty();
  private Provenance provenance;
  private boolean busy;
  private String greeting = "";

  Shift(Post post, ModelDoor.Opening door, Equipment with, DerivedNames names) {
    this.post = post;
    this.door = door;
    this.with = with;
    this.names = names;
    this.recorder = new RunRecorder(post.record(), names);
    this.desk = new PermissionDesk(post.record(), names, recorder, post.process());
    this.lastLine = with.clock().instant();
    this.provenance = post.record().provenance();
  }

  // ---- looks from other threads

  Optional<RunId> run() {
    return current.map(progress -> progress.attempt.run());
  }

  Optional<Attempt> attempt() {
    return current.map(progress -> progress.attempt).or(() -> expected);
  }

  boolean isExpecting() {
    return expected.isPresent();
  }

  Provenance provenance() {
    return provenance;
  }

  void heard(Instant at) {
    lastLine = at;
  }

  void expect(Attempt attempt) {
    expected = Optional.of(attempt);
  }

  void adopt(Attempt.Progress progress) {
    current = Optional.of(progress);
    provenance = progress.attempt.provenance();
    busy = true;
  }

  // ---- the attendant's thread

  /** Begins what is expected, unless the CLI is still at something. */
  void beginIfFree() throws IOException {
    if (busy || expected.isEmpty()) {
      return;
    }
    if (current.isPresent()) { // Said outside of any run of its own; nothing of it will follow.
      end(outcomes(current.get()).of(endless(), false));
    }
    Attempt attempt = expected.get();
    expected = Optional.empty();
    begin(attempt);
    if (current.isPresent()) {
      writePrompt(attempt);
    }
  }

  private static Finished endless() {
    return (Finished)
        SystemParser.finished(
            tools.jackson.databind.node.JsonNodeFactory.instance
                .objectNode()
                .put("subtype", "success"));
  }

  private void begin(Attempt attempt) {
    provenance = attempt.provenance();
    desk.clear();
    door.run(attempt.run());
    StartRun start =
        new StartRun(
            names.session(),
            attempt.run(),
            attempt.cause(),
            attempt.number(),
            attempt.options().model(),
            post.machinery());
    try {
      with.scribe().record(start, provenance);
    } catch (Rejected no) {
      attempt.over().complete(null); // The run is over: somebody was faster.
      return;
    }
    current = Optional.of(new Attempt.Progress(attempt, with.clock().instant(), false));
    busy = true;
    finishedAt = Optional.empty();
    heard(with.clock().instant());
    lookAtRecord();
  }

  private void writePrompt(Attempt attempt) throws IOException {
    if (attempt.prompt().isPresent()) {
      Attempt.Prompt prompt = attempt.prompt().get();
      post.process().send(ClaudeInput.prompt(prompt.uuid(), prompt.text()));
      current.ifPresent(progress -> progress.promptedAt = Optional.of(with.clock().instant()));
    }
  }

  /** A first word to a process that was at work before: what does it wait for? */
  void reattach() throws IOException {
    run().ifPresent(door::run);
    if (post.process().isAlive()) {
      greeting = "attach-" + UUID.randomUUID();
      post.process().send(ClaudeInput.initialize(greeting));
    }
    lookAtRecord();
  }

  /**
   * @return true if the process must be ended
   */
  boolean take(List<JournalReader.Entry> batch) throws IOException {
    Batch reads = new Batch();
    for (JournalReader.Entry entry : batch) {
      Optional<String> fault = take(entry, reads);
      if (fault.isPresent()) {
        flush(reads);
        boolean tools = fault.get().startsWith(Tools.FAULT);
        giveUp(tools ? Failure.UNLISTED_TOOLS : Failure.CLI, !tools, fault.get());
        return true;
      }
    }
    flush(reads);
    return false;
  }

  /** Outputs that are not recorded yet, and what is done once they are. */
  private static final class Batch {
    final List<Output.Read> outputs = new ArrayList<>();
    final List<PermissionAsked> asked = new ArrayList<>();
  }

  private Optional<String> take(JournalReader.Entry entry, Batch reads) throws IOException {
    switch (entry.message()) {
      case ClaudeMessage.Initialized it -> {
        current.ifPresent(progress -> progress.initialized = true);
        record(entry, reads);
        return Tools.unlisted(it, post.spec());
      }
      case PermissionAsked it -> ask(it, entry.end(), reads);
      case ClaudeMessage.OtherAsked it -> refuse(it);
      case ClaudeMessage.RequestCancelled it ->
          reads.outputs.addAll(desk.withdrawn(it.requestId(), entry.end(), names.own()));
      case ClaudeMessage.ControlReplied it -> replied(it, reads);
      case ClaudeMessage.UserSaid it -> {
        echoed(it);
        record(entry, reads);
      }
      case ClaudeMessage.ToolsReturned it -> {
        flush(reads); // the calls' verdicts must be known
        it.results().forEach(result -> desk.returned(result.toolUseId()));
        record(entry, reads);
      }
      case Finished it -> {
        flush(reads);
        finish(it);
      }
      case ClaudeMessage.StateChanged it -> {
        flush(reads);
        return changed(it);
      }
      case ClaudeMessage.Giant it -> {
        return Optional.of("the CLI wrote a line of " + it.bytes() + " bytes");
      }
      case ClaudeMessage.Unreadable it -> {
        return Optional.of("the CLI wrote a line that is no JSON");
      }
      default -> record(entry, reads);
    }
    return Optional.empty();
  }

  private void record(JournalReader.Entry entry, Batch reads) {
    var mode =
        current
            .map(progress -> progress.attempt.options())
            .orElse(post.record().opening().options())
            .permissionMode();
    List<Output.Read> outputs = recorder.outputs(entry, mode);
    if (!outputs.isEmpty() && current.isEmpty()) {
      beginByItself(entry);
    }
    reads.outputs.addAll(outputs);
  }

  /** The CLI works though nobody asked: a background task has reported back. */
  private void beginByItself(JournalReader.Entry entry) {
    RunId run = names.background(post.id(), entry.end());
    begin(
        new Attempt(
            run,
            new Cause.Background(),
            1,
            post.record().opening().options(),
            provenance,
            Optional.empty(),
            new CompletableFuture<>()));
    current.ifPresent(
        progress -> progress.initialized = entry.message() instanceof ClaudeMessage.Initialized);
  }

  private void ask(PermissionAsked asked, long end, Batch reads) throws IOException {
    if (current.isEmpty()) {
      beginByItself(new JournalReader.Entry(asked, end));
    }
    if (current.isEmpty()) {
      return;
    }
    if (!door.asked(asked.toolUseId())) {
      new RunRecorder.Line(end, reads.outputs)
          .add(
              recorder.thread(asked),
              new Output.Incident(
                  "unasked_tool_call",
                  "the CLI wants to run " + asked.toolName() + "; the model never asked for it"));
    }
    Attempt.Progress progress = current.get();
    Permissions.Ruling ruling =
        with.permissions()
            .decide(
                new Permissions.ToolUse(
                    asked.toolName(),
                    asked.input(),
                    progress.attempt.options(),
                    post.paths(),
                    post.paths().view().shellPrefix().isPresent(),
                    progress.planApproved));
    reads.outputs.addAll(desk.outputs(asked, end, ruling));
    reads.asked.add(asked);
  }

  private void refuse(ClaudeMessage.OtherAsked asked) throws IOException {
    post.process().send(ClaudeInput.refuse(asked.requestId(), "not supported"));
  }

  private void replied(ClaudeMessage.ControlReplied reply, Batch reads) throws IOException {
    if (!reply.requestId().equals(greeting) || current.isEmpty()) {
      return;
    }
    flush(reads);
    for (PermissionAsked pending : reply.pending()) {
      desk.act(pending);
    }
    Attempt.Progress progress = current.get();
    if (!progress.initialized) {
      writePrompt(progress.attempt); // The same uuid: dropped if it was taken before.
    }
  }

  private void echoed(ClaudeMessage.UserSaid said) {
    current
        .filter(progress -> said.isReplay())
        .filter(
            progress ->
                progress
                    .attempt
                    .prompt()
                    .filter(prompt -> prompt.uuid().toString().equals(said.uuid()))
                    .isPresent())
        .ifPresent(progress -> progress.echoedAt = Optional.of(with.clock().instant()));
  }

  private Optional<String> changed(ClaudeMessage.StateChanged changed) throws IOException {
    switch (changed.state()) {
      case "running" -> busy = true;
      case "idle" -> {
        if (current.filter(progress -> progress.initialized).isPresent()) {
          return Optional.of("the CLI is idle and gave no result");
        }
        if (current.isEmpty()) {
          busy = false;
          finishedAt = Optional.empty();
          beginIfFree();
        }
      }
      default -> {}
    }
    return Optional.empty();
  }

  private void finish(Finished finished) throws IOException {
    if (current.filter(progress -> progress.initialized).isEmpty()) {
      return; // Of a run whose end is on the record.
    }
    Attempt.Progress progress = current.get();
    recordUsage();
    end(outcomes(progress).of(finished, progress.interruptedAt.isPresent()));
    finishedAt = Optional.of(with.clock().instant());
  }

  private Outcomes outcomes(Attempt.Progress progress) {
    Duration duration = Duration.between(progress.startedAt, with.clock().instant());
    return new Outcomes(names.session(), progress.attempt.run(), post.epoch(), duration);
  }

  private void end(SessionCommand how) {
    if (current.isEmpty()) {
      return;
    }
    Attempt attempt = current.get().attempt;
    try {
      with.scribe().record(how, attempt.provenance());
    } catch (Rejected over) {
      // Somebody ended it before; that is all we wanted.
    }
    current = Optional.empty();
    desk.clear();
    attempt.over().complete(null);
  }

  /** Ends what is under way, if something is: the process will not. */
  void giveUp(Failure failure, boolean retryable, String error) throws IOException {
    if (current.isEmpty()) {
      return;
    }
    recordUsage();
    Attempt.Progress progress = current.get();
    Outcomes outcomes = outcomes(progress);
    end(
        progress.interruptedAt.isPresent()
            ? outcomes.interrupted()
            : outcomes.failed(failure, retryable, error));
  }

  /** The process has ended and all that it said is recorded. */
  void ended() throws IOException {
    String status =
        post.process().exitStatus().isPresent()
            ? "with status " + post.process().exitStatus().getAsInt()
            : "without a trace";
    giveUp(Failure.CLI, true, "the CLI ended " + status + ": " + post.process().stderrTail());
  }

  private void flush(Batch reads) throws IOException {
    if (!reads.outputs.isEmpty() && current.isPresent()) {
      record(current.get().attempt.run(), reads.outputs);
      lookAtRecord();
    }
    reads.outputs.clear();
    List<PermissionAsked> asked = List.copyOf(reads.asked);
    reads.asked.clear();
    for (PermissionAsked each : asked) {
      desk.act(each);
    }
  }

  private void record(RunId run, List<Output.Read> outputs) {
    RecordOutput command =
        new RecordOutput(names.session(), run, post.id(), post.epoch(), List.copyOf(outputs));
    try {
      with.scribe().record(command, provenance);
    } catch (Rejected no) {
      if (no.rejection() instanceof Rejection.StaleEpoch) {
        throw no; // Another node has the session: this process must go.
      }
      // The run was given up meanwhile; its end has been heard of, or will be.
    }
  }

  private void recordUsage() throws IOException {
    while (true) {
      long from = post.record().end(post.id(), Place.Source.USAGE);
      List<ModelDoor.Counted> page = door.usageAfter(from);
      if (page.isEmpty()) {
        return;
      }
      ThreadId thread = names.own();
      for (ModelDoor.Counted each : page) {
        record(
            each.run(),
            List.of(new Output.Read(Place.Source.USAGE, each.end(), thread, each.turn())));
      }
      lookAtRecord();
      if (post.record().end(post.id(), Place.Source.USAGE) == from) {
        return; // Not taken: the run is not one that the session knows.
      }
    }
  }

  /** Reads what is new on the record, and acts on what others put there. */
  void lookAtRecord() {
    for (SessionEvent event : post.record().catchUp()) {
      try {
        react(event);
      } catch (IOException unwritable) {
        throw new java.io.UncheckedIOException(unwritable);
      }
    }
    boolean stop =
        run().flatMap(post.record()::run).filter(RunOnRecord::isInterruptRequested).isPresent();
    if (stop) {
      interrupt();
    }
  }

  private void react(SessionEvent event) throws IOException {
    switch (event) {
      case ActionEvent action -> {
        if (desk.settle(action)) {
          current.ifPresent(progress -> progress.planApproved = true);
        }
      }
      case InterruptRequested wish when run().filter(wish.runId()::equals).isPresent() ->
          interrupt();
      case RunEvent.RunFailed failed -> over(failed.runId());
      case RunEvent.RunInterrupted interrupted -> over(interrupted.runId());
      default -> {}
    }
  }

  /** The house gave the run up while we were at it. */
  private void over(RunId run) {
    if (run().filter(run::equals).isPresent()) {
      Attempt attempt = current.orElseThrow().attempt;
      interrupt();
      current = Optional.empty();
      desk.clear();
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
              try {
                post.process().send(ClaudeInput.interrupt("stop-" + UUID.randomUUID()));
              } catch (IOException gone) {
                // Then its end will be noticed.
              }
            });
  }

  /**
   * @return what is wrong with the process
   */
  Optional<String> look() {
    Instant now = with.clock().instant();
    if (current.isPresent()) {
      boolean waits = desk.isWaiting() || desk.isToolRunning();
      return with.watchdog().check(current.get(), lastLine, waits, now);
    }
    return finishedAt
        .filter(at -> busy && with.watchdog().isHung(at, now))
        .map(at -> "the CLI hung after its result");
  }

  void close() {
    door.close();
  }
}
