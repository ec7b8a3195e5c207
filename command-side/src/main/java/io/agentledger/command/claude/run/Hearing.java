package io.agentledger.command.claude.run;

import io.agentledger.api.session.Output;
import io.agentledger.api.session.OutputEvent.Verdict;
import io.agentledger.api.session.PermissionMode;
import io.agentledger.api.session.RunEvent.Cause;
import io.agentledger.api.session.RunEvent.Failure;
import io.agentledger.command.claude.policy.Hooks;
import io.agentledger.command.claude.policy.Permissions;
import io.agentledger.command.claude.process.JournalReader;
import io.agentledger.command.claude.process.ModelDoor;
import io.agentledger.command.claude.process.Tools;
import io.agentledger.command.claude.protocol.ClaudeInput;
import io.agentledger.command.claude.protocol.ClaudeMessage;
import io.agentledger.command.claude.protocol.ClaudeMessage.Finished;
import io.agentledger.command.claude.protocol.ClaudeMessage.HookReached;
import io.agentledger.command.claude.protocol.ClaudeMessage.PermissionAsked;
import io.agentledger.command.claude.record.DerivedNames;
import io.agentledger.command.claude.record.RunRecorder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
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
  /** How long the CLI waits at a point: longer than several hooks in a row may take. */
  private static final Duration POINT_PATIENCE = Duration.ofHours(1);

  private final Post post;
  private final CallJudge judge;
  private final HookDesk hooks;
  private final ModelDoor.Opening door;
  private final DerivedNames names;
  private final RunRecorder recorder;
  private final RunWriter writer;
  private final PermissionDesk desk;
  private final ToolRelay relay;
  private final Shift shift;
  private final List<Output.Read> outputs = new ArrayList<>();
  private final List<PermissionAsked> asked = new ArrayList<>();
  private String greeting = "";

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
    this.judge = new CallJudge(post, with.permissions(), writer, this::progress);
    this.desk = new PermissionDesk(post, names, recorder, judge);
    this.relay = new ToolRelay(post, names, with.servers(), soon);
    this.shift = new Shift(post, with, writer, new Desks(desk, relay));
  }

  Shift shift() {
    return shift;
  }

  /** The first word to a new process, where it has something to report or to know. */
  void introduce() throws IOException {
    if (!post.spec().hookPoints().isEmpty() || !post.spec().toolServers().isEmpty()) {
      post.process().send(initialize("begin-" + UUID.randomUUID()));
    }
  }

  private ClaudeInput initialize(String requestId) {
    return ClaudeInput.initialize(
        requestId, post.spec().hookPoints(), POINT_PATIENCE.toSeconds(), post.spec().toolServers());
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
        flush();
        Fault wrong = fault.get();
        shift.giveUp(wrong.failure(), wrong.retryable(), wrong.error());
        return true;
      }
    }
    flush();
    return false;
  }

  private Optional<Fault> take(JournalReader.Entry entry) throws IOException {
    switch (entry.message()) {
      case ClaudeMessage.Initialized it -> {
        shift.current().ifPresent(progress -> progress.initialized = true);
        record(entry);
        return Tools.unlisted(it, post.spec())
            .map(fault -> new Fault(Failure.UNLISTED_TOOLS, false, fault))
            .or(
                () ->
                    Tools.shapeless(it, post.spec())
                        .map(fault -> new Fault(Failure.OUTPUT, false, fault)));
      }
      case PermissionAsked it -> ask(it, new RunRecorder.Line(entry.end(), outputs));
      case HookReached it -> {
        desk.reached(it.requestId());
        hooks.reached(judge.whose(), it, heard -> answer(it, heard));
      }
      case ClaudeMessage.ServerAsked it -> relayed(it, entry.end());
      case ClaudeMessage.OtherAsked it ->
          post.process().send(ClaudeInput.refuse(it.requestId(), "not supported"));
      case ClaudeMessage.RequestCancelled it -> {
        outputs.addAll(desk.withdrawn(it.requestId(), entry.end(), names.own()));
        outputs.addAll(relay.withdrawn(it.requestId(), entry.end()));
      }
      case ClaudeMessage.ControlReplied it -> replied(it);
      case ClaudeMessage.UserSaid it -> {
        echoed(it);
        record(entry);
      }
      case ClaudeMessage.ToolsReturned it -> {
        flush(); // The calls' verdicts must be known.
        it.results().forEach(result -> desk.returned(result.toolUseId()));
        it.results().forEach(result -> hooks.returned(result.toolUseId()));
        record(entry);
      }
      case Finished it -> {
        flush();
        shift.finish(it);
      }
      case ClaudeMessage.StateChanged it -> {
        flush();
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
            .map(progress -> progress.attempt.options())
            .orElse(post.record().opening().options())
            .permissionMode();
    List<Output.Read> said = recorder.outputs(entry, mode);
    if (!said.isEmpty() && shift.current().isEmpty()) {
      beginByItself(entry.end());
      shift
          .current()
          .filter(progress -> entry.message() instanceof ClaudeMessage.Initialized)
          .ifPresent(progress -> progress.initialized = true);
    }
    outputs.addAll(said);
  }

  /** The CLI works though nobody asked: a background task reports back, or is at work. */
  private void beginByItself(long end) {
    shift.begin(
        new Attempt(
            names.background(post.id(), end),
            new Cause.Background(),
            1,
            post.record().opening().options(),
            writer.provenance(),
            Optional.empty(),
            new CompletableFuture<>()));
  }

  private void ask(PermissionAsked call, RunRecorder.Line line) {
    if (shift.current().isEmpty()) {
      beginByItself(line.end());
    }
    if (shift.current().isEmpty() || desk.knows(call)) {
      return;
    }
    if (!door.asked(call.toolUseId())) {
      line.add(
          recorder.thread(call),
          new Output.Incident(
              "unasked_tool_call",
              "the CLI wants to run " + call.toolName() + "; the model never asked for it"));
    }
    Permissions.Ruling first = judge.ruling(call, Optional.empty());
    if (!first.is(Verdict.DENIED)
        && hooks.ask(judge.whose(), call, judge.mode(), said -> heard(call, said))) {
      desk.deliberate(call);
    } else {
      desk.outputs(call, line, first);
      asked.add(call);
    }
  }

  /** What the hooks say about a call is recorded with the decision, and then acted on. */
  private void heard(PermissionAsked call, Hooks.Heard said) {
    if (shift.current().isEmpty() || !desk.isDecided(call)) {
      return; // The run is over, or the CLI took the call back.
    }
    PermissionAsked now = said.input().map(call::with).orElse(call);
    RunRecorder.Line line = RunRecorder.Line.ofRunner(outputs);
    said.executions().forEach(one -> line.add(recorder.thread(call), one));
    desk.outputs(now, line, judge.ruling(now, said.ruling()));
    asked.add(now);
    flushed();
  }

  /** What hooks say at a point that the CLI reported. */
  private void answer(HookReached at, Hooks.Heard said) {
    desk.left(at.requestId());
    RunRecorder.Line line = RunRecorder.Line.ofRunner(outputs);
    said.executions().forEach(one -> line.add(names.own(), one));
    flushed();
    try {
      post.process().send(ClaudeInput.heard(at.requestId(), hooks.answer(at, said)));
    } catch (IOException unwritable) {
      throw new UncheckedIOException(unwritable);
    }
  }

  private void flushed() {
    try {
      flush();
    } catch (IOException unwritable) {
      throw new UncheckedIOException(unwritable);
    }
  }

  /** What is to be recorded of it comes first; what only passes through passes at once. */
  private void relayed(ClaudeMessage.ServerAsked asked, long end) throws IOException {
    boolean running = shift.current().isPresent();
    List<Output.Read> reads = relay.outputs(asked, end, running && isGranted(asked));
    outputs.addAll(reads);
    if (!reads.isEmpty()) {
      flush();
    }
    relay.act(asked, running && isGranted(asked));
  }

  private boolean isGranted(ClaudeMessage.ServerAsked asked) {
    return relay.isGranted(asked)
        && desk.isGranted(ToolRelay.toolUse(asked), asked.message().at("/params/arguments"));
  }

  private Attempt.Progress progress() {
    return shift.current().orElseThrow();
  }

  private void replied(ClaudeMessage.ControlReplied reply) throws IOException {
    if (!reply.requestId().equals(greeting) || shift.current().isEmpty()) {
      return;
    }
    flush();
    RunRecorder.Line line = RunRecorder.Line.ofRunner(outputs);
    for (PermissionAsked pending : reply.pending()) {
      desk.act(pending);
      ask(pending, line); // Unless it is known: its hooks were being asked when its node died.
    }
    flush();
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

  /** What is recorded is seen by all at once; only then is it acted on, and last comes its cost. */
  private void flush() throws IOException {
    boolean recorded = !outputs.isEmpty() && shift.run().isPresent();
    if (recorded) {
      writer.record(shift.run().get(), outputs);
      shift.lookAtRecord();
    }
    outputs.clear();
    List<PermissionAsked> calls = List.copyOf(asked);
    asked.clear();
    for (PermissionAsked call : calls) {
      desk.act(call);
    }
    if (recorded) {
      writer.recordUsage();
    }
  }

  void close() {
    relay.close();
    door.close();
  }
}
