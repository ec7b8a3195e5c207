package io.agentledger.command.claude.run;

import io.agentledger.api.session.Output;
import io.agentledger.api.session.PermissionMode;
import io.agentledger.api.session.RunEvent.Cause;
import io.agentledger.api.session.RunId;
import io.agentledger.command.claude.policy.Hooks;
import io.agentledger.command.claude.policy.Permissions;
import io.agentledger.command.claude.process.JournalReader;
import io.agentledger.command.claude.process.ModelDoor;
import io.agentledger.command.claude.protocol.ClaudeInput;
import io.agentledger.command.claude.protocol.ClaudeMessage;
import io.agentledger.command.claude.protocol.ClaudeMessage.Finished;
import io.agentledger.command.claude.protocol.ClaudeMessage.HookReached;
import io.agentledger.command.claude.protocol.ClaudeMessage.PermissionAsked;
import io.agentledger.command.claude.record.DerivedNames;
import io.agentledger.command.claude.record.Glimpses;
import io.agentledger.command.claude.record.RunRecorder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * Hears what one process says: records it first, in batches by arrival, and answers after that. One
 * thread's own.
 */
final class Hearing {
  private final Post post;
  private final HookDesk hooks;
  private final ModelDoor.Opening door;
  private final DerivedNames names;
  private final RunRecorder recorder;
  private final RunWriter writer;
  private final CallsAtWork atWork;
  private final PermissionDesk desk;
  private final ToolRelay relay;
  private final Shift shift;
  private final Permissions.Whose whose;
  private final Unrecorded unrecorded;
  private final CallHearing calls;
  private String greeting = "";
  private Optional<RunId> lastRun = Optional.empty();

  /**
   * @param soon does something on the attendant's thread
   */
  Hearing(Post post, ModelDoor.Opening door, Equipment with, Consumer<Runnable> soon) {
    this.post = post;
    this.door = door;
    this.names = new DerivedNames(post.record().session(), post.record().opening().threadId());
    this.hooks = new HookDesk(post, names, with.hooks(), soon);
    this.recorder = new RunRecorder(post.record(), names);
    this.writer = new RunWriter(post, door, with.scribe());
    CallJudge judge = new CallJudge(post, with, writer, this::progress);
    this.atWork = new CallsAtWork(with.clock());
    this.desk = new PermissionDesk(post, recorder, judge, atWork);
    ElicitationHooks around =
        new ElicitationHooks(post.record().session(), with.hooks(), judge::whose);
    ElicitationBooks books = new ElicitationBooks(names, writer);
    this.relay = new ToolRelay(post, names, with.servers(), soon, around, books);
    this.shift = new Shift(post, with, writer, new Desks(desk, relay));
    this.unrecorded = new Unrecorded(shift, writer, desk);
    books.open(shift, unrecorded);
    this.calls =
        new CallHearing(door, recorder, new CallHearing.Bench(judge, hooks, desk), unrecorded);
    this.whose = judge.whose();
  }

  Shift shift() {
    return shift;
  }

  /** Lets whoever watches see what is at work. */
  void show(Glimpses glimpses) {
    glimpses.look(shift.run());
    atWork.show(glimpses);
  }

  /** The first word to a new process. */
  void introduce() throws IOException {
    shift.helm().isFresh();
    post.process().send(initialize("begin-" + UUID.randomUUID()));
    shift.lookAtRecord(); // Something may be asked of it before it has a run.
  }

  private ClaudeInput initialize(String requestId) {
    return ClaudeInput.initialize(requestId, post.spec().introduction());
  }

  /** A first word to a process that was at work before: what does it wait for? */
  void greet() throws IOException {
    shift.attempt().ifPresent(writer::turnTo);
    if (post.process().isAlive()) {
      greeting = "attach-" + UUID.randomUUID();
      post.process().send(initialize(greeting));
    }
    shift.lookAtRecord();
    relay.resume();
  }

  /**
   * @return true if the process must be ended
   */
  boolean take(List<JournalReader.Entry> batch) throws IOException {
    for (JournalReader.Entry entry : batch) {
      Optional<Fault> fault = take(entry);
      if (fault.isPresent()) {
        unrecorded.flush();
        Fault wrong = fault.get();
        shift.giveUp(wrong.failure(), wrong.retryable(), wrong.error());
        shift.asides().fail(wrong.error());
        return true;
      }
    }
    unrecorded.flush();
    return false;
  }

  private Optional<Fault> take(JournalReader.Entry entry) throws IOException {
    lastRun = shift.run().or(() -> lastRun);
    switch (entry.message()) {
      case ClaudeMessage.Initialized it -> {
        shift.current().ifPresent(progress -> progress.initialized = true);
        record(entry);
        return Fault.ofSetup(it, post.spec());
      }
      case PermissionAsked it -> ask(it, entry.end());
      case HookReached it -> {
        desk.reached(it.requestId());
        Optional<RunId> run = lastRun;
        hooks.reached(whose, it, heard -> answer(it, run, heard));
      }
      case ClaudeMessage.ServerAsked it -> relayed(it, entry.end());
      case ClaudeMessage.OtherAsked it ->
          post.process().send(ClaudeInput.refuse(it.requestId(), "not supported"));
      case ClaudeMessage.RequestCancelled it -> {
        unrecorded.add(desk.withdrawn(it.requestId(), entry.end(), names.own()));
        unrecorded.add(relay.withdrawn(it.requestId(), entry.end()));
      }
      case ClaudeMessage.ControlReplied it -> {
        return replied(it);
      }
      case ClaudeMessage.CommandsChanged it -> shift.asides().changed(it);
      case ClaudeMessage.UserSaid it -> {
        echoed(it);
        record(entry);
      }
      case ClaudeMessage.ToolsReturned it -> {
        unrecorded.flush(); // The calls' verdicts must be known.
        it.results().forEach(result -> atWork.end(result.toolUseId()));
        it.results().forEach(result -> hooks.returned(result.toolUseId()));
        record(entry);
      }
      case Finished it -> {
        unrecorded.flush();
        shift.finish(it);
      }
      case ClaudeMessage.StateChanged it -> {
        unrecorded.flush();
        return shift.changed(it.state()).flatMap(Fault::ofCli);
      }
      case ClaudeMessage.Giant it -> {
        return Fault.ofCli("the CLI wrote a line of " + it.bytes() + " bytes");
      }
      case ClaudeMessage.Unreadable it -> {
        return Fault.ofCli("the CLI wrote a line of " + it.bytes() + " bytes that is no JSON");
      }
      default -> record(entry);
    }
    return Optional.empty();
  }

  private void record(JournalReader.Entry entry) {
    PermissionMode mode =
        shift
            .current()
            .map(progress -> progress.options)
            .orElse(post.record().beginning().options())
            .permissionMode();
    List<Output.Read> said = recorder.outputs(entry, mode);
    if (!said.isEmpty() && shift.current().isEmpty()) {
      beginByItself(entry.end());
      shift
          .current()
          .filter(progress -> entry.message() instanceof ClaudeMessage.Initialized)
          .ifPresent(progress -> progress.initialized = true);
    }
    unrecorded.add(said);
  }

  /** The CLI works though nobody asked: a background task reports back, or is at work. */
  private void beginByItself(long end) {
    shift.begin(
        new Attempt(
            names.background(post.id(), end),
            new Cause.Background(),
            1,
            post.record().beginning().options(),
            writer.provenance(),
            Optional.empty(),
            new CompletableFuture<>()));
  }

  private void ask(PermissionAsked call, long end) {
    if (shift.current().isEmpty()) {
      beginByItself(end);
    }
    calls.ask(call, unrecorded.line(end));
  }

  /** What hooks say at a point that the CLI reported; not for all of them it waits with its run. */
  private void answer(HookReached at, Optional<RunId> run, Hooks.Heard said) {
    desk.left(at.requestId());
    List<Output.Read> late = new ArrayList<>();
    boolean isLate = !shift.run().equals(run);
    RunRecorder.Line line = isLate ? RunRecorder.Line.ofRunner(late) : unrecorded.ofRunner();
    said.executions().forEach(one -> line.add(names.own(), one));
    unrecorded.flushed();
    run.filter(ended -> !late.isEmpty()).ifPresent(ended -> writer.record(ended, late));
    try {
      post.process().send(ClaudeInput.heard(at.requestId(), hooks.answer(at, said)));
    } catch (IOException unwritable) {
      throw new UncheckedIOException(unwritable);
    }
  }

  /** What is to be recorded of it comes first; what only passes through passes at once. */
  private void relayed(ClaudeMessage.ServerAsked asked, long end) throws IOException {
    boolean running = shift.current().isPresent();
    List<Output.Read> reads = relay.outputs(asked, end, running && isGranted(asked));
    unrecorded.add(reads);
    if (!reads.isEmpty()) {
      unrecorded.flush();
    }
    relay.act(asked, running && isGranted(asked));
  }

  private boolean isGranted(ClaudeMessage.ServerAsked asked) {
    return relay.isGranted(asked)
        && atWork.isGranted(ToolRelay.toolUse(asked), asked.message().at("/params/arguments"));
  }

  private Attempt.Progress progress() {
    return shift.current().orElseThrow();
  }

  private Optional<Fault> replied(ClaudeMessage.ControlReplied reply) throws IOException {
    Optional<Fault> wrong = Fault.ofSetup(reply, post.spec());
    shift.helm().replied(reply);
    if (wrong.isEmpty()) {
      shift.asides().replied(reply);
    }
    if (wrong.isEmpty() && reply.requestId().equals(greeting) && shift.current().isPresent()) {
      goOn(reply);
    }
    return wrong;
  }

  /** After a change of masters: what the CLI waits for is what we owe it. */
  private void goOn(ClaudeMessage.ControlReplied reply) throws IOException {
    unrecorded.flush();
    RunRecorder.Line line = unrecorded.ofRunner();
    for (PermissionAsked pending : reply.pending()) {
      desk.act(pending);
      calls.ask(pending, line);
    }
    unrecorded.flush();
    if (shift.current().filter(progress -> !progress.initialized).isPresent()) {
      shift.writePrompt();
    }
  }

  private void echoed(ClaudeMessage.UserSaid said) {
    shift
        .current()
        .filter(progress -> said.isReplay() && isPrompt(progress, said.uuid()))
        .ifPresent(progress -> progress.echoedAt = progress.promptedAt);
  }

  private static boolean isPrompt(Attempt.Progress progress, String uuid) {
    return progress
        .attempt
        .prompt()
        .filter(prompt -> prompt.uuid().toString().equals(uuid))
        .isPresent();
  }

  void close() {
    relay.close();
    door.close();
  }
}
