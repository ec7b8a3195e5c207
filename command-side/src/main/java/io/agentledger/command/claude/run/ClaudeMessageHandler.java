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
  private final ProcessContext processContext;
  private final HookHandler hooks;
  private final ModelEndpoint.Connection connection;
  private final DerivedIds derivedIds;
  private final OutputMapper outputMapper;
  private final RunCommandSender runCommandSender;
  private final RunningToolCalls runningToolCalls;
  private final PermissionRequestHandler permissionRequestHandler;
  private final McpRelay relay;
  private final RunCoordinator coordinator;
  private final ToolCallAuthorizer.Subject subject;
  private final OutputBuffer outputBuffer;
  private final ToolCallHandler calls;
  private String greeting = "";
  private Optional<RunId> lastRun = Optional.empty();

  /**
   * @param executor does something on the attendant's thread
   */
  ClaudeMessageHandler(
      ProcessContext processContext,
      ModelEndpoint.Connection connection,
      SupervisorServices services,
      Consumer<Runnable> executor) {
    this.processContext = processContext;
    this.connection = connection;
    this.derivedIds =
        new DerivedIds(
            processContext.record().session(), processContext.record().opening().threadId());
    this.hooks = new HookHandler(processContext, derivedIds, services.hooks(), executor);
    this.outputMapper = new OutputMapper(processContext.record(), derivedIds);
    this.runCommandSender = new RunCommandSender(processContext, connection, services.scribe());
    ToolCallEvaluator toolCallEvaluator =
        new ToolCallEvaluator(processContext, services, runCommandSender, this::progress);
    this.runningToolCalls = new RunningToolCalls(services.clock());
    this.permissionRequestHandler =
        new PermissionRequestHandler(
            processContext, outputMapper, toolCallEvaluator, runningToolCalls);
    ElicitationHooks around =
        new ElicitationHooks(
            processContext.record().session(), services.hooks(), toolCallEvaluator::whose);
    ElicitationRecorder elicitationRecorder = new ElicitationRecorder(derivedIds, runCommandSender);
    this.relay =
        new McpRelay(
            processContext, derivedIds, services.servers(), executor, around, elicitationRecorder);
    this.coordinator =
        new RunCoordinator(
            processContext,
            services,
            runCommandSender,
            new ControlHandlers(permissionRequestHandler, relay));
    this.outputBuffer = new OutputBuffer(coordinator, runCommandSender, permissionRequestHandler);
    elicitationRecorder.open(coordinator, outputBuffer);
    this.calls =
        new ToolCallHandler(
            connection,
            outputMapper,
            new ToolCallHandler.Deciders(toolCallEvaluator, hooks, permissionRequestHandler),
            outputBuffer);
    this.subject = toolCallEvaluator.whose();
  }

  RunCoordinator shift() {
    return coordinator;
  }

  /** Lets whoever watches see what is at work. */
  void show(ProgressPublisher progressPublisher) {
    progressPublisher.refresh(coordinator.run());
    runningToolCalls.show(progressPublisher);
  }

  /** The first word to a new process. */
  void initialize() throws IOException {
    coordinator.helm().assumeFreshProcess();
    processContext.process().send(initialize("begin-" + UUID.randomUUID()));
    coordinator.refreshState(); // Something may be asked of it before it has a run.
  }

  private ClaudeInput initialize(String requestId) {
    return ClaudeInput.initialize(requestId, processContext.spec().introduction());
  }

  /** A first word to a process that was at work before: what does it wait for? */
  void reattach() throws IOException {
    coordinator.attempt().ifPresent(runCommandSender::bindRun);
    if (processContext.process().isAlive()) {
      greeting = "attach-" + UUID.randomUUID();
      processContext.process().send(initialize(greeting));
    }
    coordinator.refreshState();
    relay.resume();
  }

  /**
   * @return true if the process must be ended
   */
  boolean handle(List<JournalTailer.Entry> batch) throws IOException {
    for (JournalTailer.Entry entry : batch) {
      Optional<ProcessFault> fault = handle(entry);
      if (fault.isPresent()) {
        outputBuffer.flush();
        ProcessFault wrong = fault.get();
        coordinator.giveUp(wrong.failure(), wrong.retryable(), wrong.error());
        coordinator.sideRequests().fail(wrong.error());
        return true;
      }
    }
    outputBuffer.flush();
    return false;
  }

  private Optional<ProcessFault> handle(JournalTailer.Entry entry) throws IOException {
    lastRun = coordinator.run().or(() -> lastRun);
    switch (entry.message()) {
      case ClaudeMessage.Initialized it -> {
        coordinator.current().ifPresent(attemptState -> attemptState.initialized = true);
        record(entry);
        return ProcessFault.ofSetup(it, processContext.spec());
      }
      case PermissionRequest it -> requestPermission(it, entry.end());
      case HookCallback it -> {
        permissionRequestHandler.reached(it.requestId());
        Optional<RunId> run = lastRun;
        hooks.reached(subject, it, result -> answer(it, run, result));
      }
      case ClaudeMessage.McpMessage mcpMessage -> relayed(mcpMessage, entry.end());
      case ClaudeMessage.UnsupportedRequest it ->
          processContext.process().send(ClaudeInput.errorResponse(it.requestId(), "not supported"));
      case ClaudeMessage.RequestCancelled it -> {
        outputBuffer.add(
            permissionRequestHandler.withdrawn(it.requestId(), entry.end(), derivedIds.own()));
        outputBuffer.add(relay.withdrawn(it.requestId(), entry.end()));
      }
      case ClaudeMessage.ControlResponse it -> {
        return replied(it);
      }
      case ClaudeMessage.CommandsChanged commandsChanged ->
          coordinator.sideRequests().changed(commandsChanged);
      case ClaudeMessage.UserMessage userMessage -> {
        echoed(userMessage);
        record(entry);
      }
      case ClaudeMessage.ToolResults toolResults -> {
        outputBuffer.flush(); // The calls' verdicts must be known.
        toolResults.results().forEach(result -> runningToolCalls.end(result.toolUseId()));
        toolResults.results().forEach(result -> hooks.returned(result.toolUseId()));
        record(entry);
      }
      case ResultMessage resultMessage -> {
        outputBuffer.flush();
        coordinator.finish(resultMessage);
      }
      case ClaudeMessage.StateChanged stateChanged -> {
        outputBuffer.flush();
        return coordinator.changed(stateChanged.state()).flatMap(ProcessFault::ofCli);
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
        coordinator
            .current()
            .map(attemptState -> attemptState.options)
            .orElse(processContext.record().setup().options())
            .permissionMode();
    List<Output.Entry> said = outputMapper.outputs(entry, mode);
    if (!said.isEmpty() && coordinator.current().isEmpty()) {
      startBackgroundRun(entry.end());
      coordinator
          .current()
          .filter(attemptState -> entry.message() instanceof ClaudeMessage.Initialized)
          .ifPresent(attemptState -> attemptState.initialized = true);
    }
    outputBuffer.add(said);
  }

  /** The CLI works though nobody asked: a background task reports back, or is at work. */
  private void startBackgroundRun(long end) {
    coordinator.start(
        new RunAttempt(
            derivedIds.background(processContext.id(), end),
            new Cause.Background(),
            1,
            processContext.record().setup().options(),
            runCommandSender.provenance(),
            Optional.empty(),
            new CompletableFuture<>()));
  }

  private void requestPermission(PermissionRequest call, long end) {
    if (coordinator.current().isEmpty()) {
      startBackgroundRun(end);
    }
    calls.requestPermission(call, outputBuffer.line(end));
  }

  /** What hooks say at a point that the CLI reported; not for all of them it waits with its run. */
  private void answer(HookCallback at, Optional<RunId> run, Hooks.HookResult result) {
    permissionRequestHandler.left(at.requestId());
    List<Output.Entry> late = new ArrayList<>();
    boolean isLate = !coordinator.run().equals(run);
    OutputMapper.OutputCollector outputCollector =
        isLate ? OutputMapper.OutputCollector.ofRunner(late) : outputBuffer.ofRunner();
    result
        .executions()
        .forEach(hookExecution -> outputCollector.add(derivedIds.own(), hookExecution));
    outputBuffer.flushed();
    run.filter(ended -> !late.isEmpty()).ifPresent(ended -> runCommandSender.record(ended, late));
    try {
      processContext
          .process()
          .send(ClaudeInput.hookResponse(at.requestId(), hooks.answer(at, result)));
    } catch (IOException unwritable) {
      throw new UncheckedIOException(unwritable);
    }
  }

  /** What is to be recorded of it comes first; what only passes through passes at once. */
  private void relayed(ClaudeMessage.McpMessage message, long end) throws IOException {
    boolean running = coordinator.current().isPresent();
    List<Output.Entry> entries = relay.outputs(message, end, running && isGranted(message));
    outputBuffer.add(entries);
    if (!entries.isEmpty()) {
      outputBuffer.flush();
    }
    relay.act(message, running && isGranted(message));
  }

  private boolean isGranted(ClaudeMessage.McpMessage message) {
    return relay.isGranted(message)
        && runningToolCalls.isGranted(
            McpRelay.toolUse(message), message.message().at("/params/arguments"));
  }

  private RunAttempt.AttemptState progress() {
    return coordinator.current().orElseThrow();
  }

  private Optional<ProcessFault> replied(ClaudeMessage.ControlResponse reply) throws IOException {
    Optional<ProcessFault> wrong = ProcessFault.ofSetup(reply, processContext.spec());
    coordinator.helm().replied(reply);
    if (wrong.isEmpty()) {
      coordinator.sideRequests().replied(reply);
    }
    if (wrong.isEmpty()
        && reply.requestId().equals(greeting)
        && coordinator.current().isPresent()) {
      resume(reply);
    }
    return wrong;
  }

  /** After a change of masters: what the CLI waits for is what we owe it. */
  private void resume(ClaudeMessage.ControlResponse reply) throws IOException {
    outputBuffer.flush();
    OutputMapper.OutputCollector outputCollector = outputBuffer.ofRunner();
    for (PermissionRequest pending : reply.pending()) {
      permissionRequestHandler.act(pending);
      calls.requestPermission(pending, outputCollector);
    }
    outputBuffer.flush();
    if (coordinator.current().filter(attemptState -> !attemptState.initialized).isPresent()) {
      coordinator.writePrompt();
    }
  }

  private void echoed(ClaudeMessage.UserMessage userMessage) {
    coordinator
        .current()
        .filter(
            attemptState -> userMessage.isReplay() && isPrompt(attemptState, userMessage.uuid()))
        .ifPresent(attemptState -> attemptState.echoedAt = attemptState.promptedAt);
  }

  private static boolean isPrompt(RunAttempt.AttemptState attemptState, String uuid) {
    return attemptState
        .attempt
        .prompt()
        .filter(prompt -> prompt.uuid().toString().equals(uuid))
        .isPresent();
  }

  void close() {
    relay.close();
    connection.close();
  }
}
