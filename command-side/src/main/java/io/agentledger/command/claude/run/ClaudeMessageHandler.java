package io.agentledger.command.claude.run;

import io.agentledger.api.session.PermissionMode;
import io.agentledger.api.session.RunId;
import io.agentledger.api.session.command.Output;
import io.agentledger.api.session.event.RunEvent.Cause;
import io.agentledger.command.claude.control.ElicitationHooks;
import io.agentledger.command.claude.control.HookHandler;
import io.agentledger.command.claude.control.McpRelay;
import io.agentledger.command.claude.control.PermissionRequestHandler;
import io.agentledger.command.claude.control.RunningToolCalls;
import io.agentledger.command.claude.live.ProgressPublisher;
import io.agentledger.command.claude.policy.Hooks;
import io.agentledger.command.claude.policy.ToolCallAuthorizer;
import io.agentledger.command.claude.process.JournalTailer;
import io.agentledger.command.claude.process.ModelEndpoint;
import io.agentledger.command.claude.process.ProcessContext;
import io.agentledger.command.claude.protocol.ClaudeInput;
import io.agentledger.command.claude.protocol.ClaudeMessage;
import io.agentledger.command.claude.protocol.ClaudeMessage.HookCallback;
import io.agentledger.command.claude.protocol.ClaudeMessage.PermissionRequest;
import io.agentledger.command.claude.protocol.ClaudeMessage.ResultMessage;
import io.agentledger.command.claude.record.DerivedIds;
import io.agentledger.command.claude.record.OutputMapper;
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
final class ClaudeMessageHandler {
  private final ProcessContext post;
  private final HookHandler hooks;
  private final ModelEndpoint.Connection door;
  private final DerivedIds names;
  private final OutputMapper recorder;
  private final RunCommandSender writer;
  private final RunningToolCalls atWork;
  private final PermissionRequestHandler desk;
  private final McpRelay relay;
  private final RunCoordinator shift;
  private final ToolCallAuthorizer.Subject whose;
  private final OutputBuffer unrecorded;
  private final ToolCallHandler calls;
  private String greeting = "";
  private Optional<RunId> lastRun = Optional.empty();

  /**
   * @param soon does something on the attendant's thread
   */
  ClaudeMessageHandler(
      ProcessContext post,
      ModelEndpoint.Connection door,
      SupervisorServices with,
      Consumer<Runnable> soon) {
    this.post = post;
    this.door = door;
    this.names = new DerivedIds(post.record().session(), post.record().opening().threadId());
    this.hooks = new HookHandler(post, names, with.hooks(), soon);
    this.recorder = new OutputMapper(post.record(), names);
    this.writer = new RunCommandSender(post, door, with.scribe());
    ToolCallEvaluator judge = new ToolCallEvaluator(post, with, writer, this::progress);
    this.atWork = new RunningToolCalls(with.clock());
    this.desk = new PermissionRequestHandler(post, recorder, judge, atWork);
    ElicitationHooks around =
        new ElicitationHooks(post.record().session(), with.hooks(), judge::whose);
    ElicitationRecorder books = new ElicitationRecorder(names, writer);
    this.relay = new McpRelay(post, names, with.servers(), soon, around, books);
    this.shift = new RunCoordinator(post, with, writer, new ControlHandlers(desk, relay));
    this.unrecorded = new OutputBuffer(shift, writer, desk);
    books.open(shift, unrecorded);
    this.calls =
        new ToolCallHandler(
            door, recorder, new ToolCallHandler.Deciders(judge, hooks, desk), unrecorded);
    this.whose = judge.whose();
  }

  RunCoordinator shift() {
    return shift;
  }

  /** Lets whoever watches see what is at work. */
  void show(ProgressPublisher glimpses) {
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
  boolean take(List<JournalTailer.Entry> batch) throws IOException {
    for (JournalTailer.Entry entry : batch) {
      Optional<ProcessFault> fault = take(entry);
      if (fault.isPresent()) {
        unrecorded.flush();
        ProcessFault wrong = fault.get();
        shift.giveUp(wrong.failure(), wrong.retryable(), wrong.error());
        shift.asides().fail(wrong.error());
        return true;
      }
    }
    unrecorded.flush();
    return false;
  }

  private Optional<ProcessFault> take(JournalTailer.Entry entry) throws IOException {
    lastRun = shift.run().or(() -> lastRun);
    switch (entry.message()) {
      case ClaudeMessage.Initialized it -> {
        shift.current().ifPresent(progress -> progress.initialized = true);
        record(entry);
        return ProcessFault.ofSetup(it, post.spec());
      }
      case PermissionRequest it -> ask(it, entry.end());
      case HookCallback it -> {
        desk.reached(it.requestId());
        Optional<RunId> run = lastRun;
        hooks.reached(whose, it, heard -> answer(it, run, heard));
      }
      case ClaudeMessage.McpMessage it -> relayed(it, entry.end());
      case ClaudeMessage.UnsupportedRequest it ->
          post.process().send(ClaudeInput.refuse(it.requestId(), "not supported"));
      case ClaudeMessage.RequestCancelled it -> {
        unrecorded.add(desk.withdrawn(it.requestId(), entry.end(), names.own()));
        unrecorded.add(relay.withdrawn(it.requestId(), entry.end()));
      }
      case ClaudeMessage.ControlResponse it -> {
        return replied(it);
      }
      case ClaudeMessage.CommandsChanged it -> shift.asides().changed(it);
      case ClaudeMessage.UserMessage it -> {
        echoed(it);
        record(entry);
      }
      case ClaudeMessage.ToolResults it -> {
        unrecorded.flush(); // The calls' verdicts must be known.
        it.results().forEach(result -> atWork.end(result.toolUseId()));
        it.results().forEach(result -> hooks.returned(result.toolUseId()));
        record(entry);
      }
      case ResultMessage it -> {
        unrecorded.flush();
        shift.finish(it);
      }
      case ClaudeMessage.StateChanged it -> {
        unrecorded.flush();
        return shift.changed(it.state()).flatMap(ProcessFault::ofCli);
      }
      case ClaudeMessage.OversizedLine it -> {
        return ProcessFault.ofCli("the CLI wrote a line of " + it.bytes() + " bytes");
      }
      case ClaudeMessage.MalformedLine it -> {
        return ProcessFault.ofCli(
            "the CLI wrote a line of " + it.bytes() + " bytes that is no JSON");
      }
      default -> record(entry);
    }
    return Optional.empty();
  }

  private void record(JournalTailer.Entry entry) {
    PermissionMode mode =
        shift
            .current()
            .map(progress -> progress.options)
            .orElse(post.record().beginning().options())
            .permissionMode();
    List<Output.Entry> said = recorder.outputs(entry, mode);
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
        new RunAttempt(
            names.background(post.id(), end),
            new Cause.Background(),
            1,
            post.record().beginning().options(),
            writer.provenance(),
            Optional.empty(),
            new CompletableFuture<>()));
  }

  private void ask(PermissionRequest call, long end) {
    if (shift.current().isEmpty()) {
      beginByItself(end);
    }
    calls.ask(call, unrecorded.line(end));
  }

  /** What hooks say at a point that the CLI reported; not for all of them it waits with its run. */
  private void answer(HookCallback at, Optional<RunId> run, Hooks.HookResult said) {
    desk.left(at.requestId());
    List<Output.Entry> late = new ArrayList<>();
    boolean isLate = !shift.run().equals(run);
    OutputMapper.OutputCollector line =
        isLate ? OutputMapper.OutputCollector.ofRunner(late) : unrecorded.ofRunner();
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
  private void relayed(ClaudeMessage.McpMessage asked, long end) throws IOException {
    boolean running = shift.current().isPresent();
    List<Output.Entry> reads = relay.outputs(asked, end, running && isGranted(asked));
    unrecorded.add(reads);
    if (!reads.isEmpty()) {
      unrecorded.flush();
    }
    relay.act(asked, running && isGranted(asked));
  }

  private boolean isGranted(ClaudeMessage.McpMessage asked) {
    return relay.isGranted(asked)
        && atWork.isGranted(McpRelay.toolUse(asked), asked.message().at("/params/arguments"));
  }

  private RunAttempt.AttemptState progress() {
    return shift.current().orElseThrow();
  }

  private Optional<ProcessFault> replied(ClaudeMessage.ControlResponse reply) throws IOException {
    Optional<ProcessFault> wrong = ProcessFault.ofSetup(reply, post.spec());
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
  private void goOn(ClaudeMessage.ControlResponse reply) throws IOException {
    unrecorded.flush();
    OutputMapper.OutputCollector line = unrecorded.ofRunner();
    for (PermissionRequest pending : reply.pending()) {
      desk.act(pending);
      calls.ask(pending, line);
    }
    unrecorded.flush();
    if (shift.current().filter(progress -> !progress.initialized).isPresent()) {
      shift.writePrompt();
    }
  }

  private void echoed(ClaudeMessage.UserMessage said) {
    shift
        .current()
        .filter(progress -> said.isReplay() && isPrompt(progress, said.uuid()))
        .ifPresent(progress -> progress.echoedAt = progress.promptedAt);
  }

  private static boolean isPrompt(RunAttempt.AttemptState progress, String uuid) {
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
