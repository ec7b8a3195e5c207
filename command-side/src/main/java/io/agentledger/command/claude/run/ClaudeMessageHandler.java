package io.agentledger.command.claude.run;

import io.agentledger.api.session.PermissionMode;
import io.agentledger.api.session.RunId;
import io.agentledger.api.session.event.RunEvent.Cause;
import io.agentledger.api.session.event.RunEvent.Failure;
import io.agentledger.command.claude.control.ElicitationHooks;
import io.agentledger.command.claude.control.HookHandler;
import io.agentledger.command.claude.control.McpRelay;
import io.agentledger.command.claude.control.PermissionRequestHandler;
import io.agentledger.command.claude.control.RunningToolCalls;
import io.agentledger.command.claude.live.ProgressPublisher;
import io.agentledger.command.claude.process.JournalTailer;
import io.agentledger.command.claude.process.ModelEndpoint;
import io.agentledger.command.claude.process.ProcessContext;
import io.agentledger.command.claude.protocol.ClaudeInput;
import io.agentledger.command.claude.protocol.ClaudeMessage;
import io.agentledger.command.claude.protocol.ClaudeMessage.HookCallback;
import io.agentledger.command.claude.protocol.ClaudeMessage.PermissionRequest;
import io.agentledger.command.claude.protocol.ClaudeMessage.ResultMessage;
import io.agentledger.command.claude.record.DerivedIds;
import io.agentledger.command.claude.record.OutputCollector;
import io.agentledger.command.claude.record.OutputMapper;
import io.agentledger.command.claude.record.UnrecordedEvent;
import io.agentledger.command.claude.state.EventFactory;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Handles the output of one process: records it in batches, then answers it. Confined to one
 * thread.
 */
final class ClaudeMessageHandler {
  private static final Logger log = LoggerFactory.getLogger(ClaudeMessageHandler.class);

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
  private final OutputBuffer outputBuffer;
  private final ToolCallHandler calls;
  private final OwnPrompt ownPrompt = new OwnPrompt();
  private final NotificationFilter notificationFilter;
  private final PointHookRunner pointHookRunner;
  private String initializeRequestId = "";
  private Optional<RunId> lastRun = Optional.empty();

  /**
   * @param executor runs tasks on the supervisor's thread
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
            processContext.state().session(), processContext.state().opened().threadId());
    this.hooks = new HookHandler(processContext, derivedIds, services.hooks(), executor);
    this.outputMapper = new OutputMapper(processContext, derivedIds);
    this.runCommandSender =
        new RunCommandSender(processContext, connection, services.commandGateway());
    ToolCallEvaluator toolCallEvaluator =
        new ToolCallEvaluator(
            processContext, services, outputMapper, runCommandSender, this::currentState);
    this.runningToolCalls = new RunningToolCalls(services.clock(), runCommandSender::endPermits);
    this.permissionRequestHandler =
        new PermissionRequestHandler(
            processContext, outputMapper, toolCallEvaluator, runningToolCalls);
    ElicitationHooks elicitationHooks =
        new ElicitationHooks(
            processContext.state().session(), services.hooks(), toolCallEvaluator::subject);
    this.outputBuffer = new OutputBuffer(runCommandSender, permissionRequestHandler, executor);
    this.relay =
        new McpRelay(
            processContext,
            derivedIds,
            services.mcpConnector(),
            executor,
            elicitationHooks,
            outputBuffer);
    MentionReader mentionReader =
        new MentionReader(processContext, toolCallEvaluator, hooks, outputMapper, runCommandSender);
    this.notificationFilter = new NotificationFilter(processContext, mentionReader, ownPrompt);
    this.coordinator =
        new RunCoordinator(
            processContext,
            services,
            runCommandSender,
            outputBuffer,
            new ControlHandlers(permissionRequestHandler, relay),
            new PromptPreparer(
                processContext,
                toolCallEvaluator,
                hooks,
                runCommandSender,
                mentionReader,
                ownPrompt));
    outputBuffer.connect(coordinator);
    this.calls =
        new ToolCallHandler(
            outputMapper,
            new ToolCallHandler.DecisionHandlers(
                toolCallEvaluator, hooks, permissionRequestHandler),
            outputBuffer);
    this.pointHookRunner =
        new PointHookRunner(
            processContext,
            hooks,
            toolCallEvaluator.subject(),
            permissionRequestHandler,
            outputBuffer);
  }

  RunCoordinator coordinator() {
    return coordinator;
  }

  /** Publishes the progress of running tool calls. */
  void publishProgress(ProgressPublisher progressPublisher) {
    progressPublisher.publishDue(coordinator.currentRunId());
    runningToolCalls.publishProgress(progressPublisher);
  }

  /** Initializes a new process, unless it was sent its first request before. */
  void initialize(boolean sent) throws IOException {
    coordinator.controlRequests().assumeFreshProcess();
    if (!sent) processContext.process().send(initializeInput("begin-" + UUID.randomUUID()));
    coordinator.refreshState(); // Side requests may be sent before the first run.
  }

  private ClaudeInput initializeInput(String requestId) {
    return ClaudeInput.initialize(requestId, processContext.spec().initializeFields());
  }

  /** Reattaches to a running process and requests its pending permission requests. */
  void reattach() throws IOException {
    coordinator.currentOrExpectedAttempt().ifPresent(runCommandSender::bindRun);
    coordinator
        .currentOrExpectedAttempt()
        .flatMap(RunAttempt::prompt)
        .map(prompt -> ClaudeInput.endOfPrompt(prompt.uuid()))
        .ifPresent(ownPrompt::expect);
    if (processContext.process().isAlive()) {
      initializeRequestId = "attach-" + UUID.randomUUID();
      processContext.process().send(initializeInput(initializeRequestId));
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
        ProcessFault processFault = fault.get();
        coordinator.failRun(processFault.failure(), processFault.retryable(), processFault.error());
        coordinator.sideRequests().failAll(processFault.error());
        return true;
      }
    }
    outputBuffer.flushUnlessWaiting();
    return false;
  }

  private Optional<ProcessFault> handle(JournalTailer.Entry entry) throws IOException {
    lastRun = coordinator.currentRunId().or(() -> lastRun);
    switch (entry.message()) {
      case ClaudeMessage.Initialized init -> {
        coordinator
            .currentAttemptState()
            .ifPresent(attemptState -> attemptState.initialized = true);
        recordEntry(relay.explain(init, entry.endOffset()));
        return ProcessFault.findSetupFault(init, processContext.spec());
      }
      case PermissionRequest request -> requestPermission(request, entry.endOffset());
      case HookCallback hookCallback -> {
        return onHookCallback(hookCallback, entry.endOffset());
      }
      case ClaudeMessage.McpMessage mcpMessage -> relay(mcpMessage, entry.endOffset());
      case ClaudeMessage.UnsupportedRequest unsupported ->
          processContext
              .process()
              .send(ClaudeInput.errorResponse(unsupported.requestId(), "not supported"));
      case ClaudeMessage.RequestCancelled cancelled -> {
        outputBuffer.add(
            permissionRequestHandler.withdraw(
                cancelled.requestId(), entry.endOffset(), derivedIds.mainThread()));
        outputBuffer.add(relay.withdraw(cancelled.requestId(), entry.endOffset()));
      }
      case ClaudeMessage.ControlResponse response -> {
        return onControlResponse(response);
      }
      case ClaudeMessage.CommandsChanged commandsChanged ->
          coordinator.sideRequests().onCommandsChanged(commandsChanged);
      case ClaudeMessage.UserMessage userMessage -> {
        onEcho(userMessage);
        recordEntry(entry);
      }
      case ClaudeMessage.ToolResults toolResults -> {
        outputBuffer.flush(); // The calls' verdicts must be known.
        toolResults.results().forEach(result -> runningToolCalls.end(result.toolUseId()));
        toolResults.results().forEach(result -> hooks.onCallReturned(result.toolUseId()));
        recordEntry(entry);
      }
      case ResultMessage resultMessage -> coordinator.finishRun(resultMessage);
      case ClaudeMessage.StateChanged stateChanged -> {
        outputBuffer.flush();
        return coordinator.onStateChanged(stateChanged.state()).flatMap(ProcessFault::cliFault);
      }
      case ClaudeMessage.Unverified unverified -> {
        return recordIncident(unverified, entry.endOffset());
      }
      case ClaudeMessage.OversizedLine oversizedLine -> {
        return ProcessFault.cliFault("the CLI wrote a line of " + oversizedLine.bytes() + " bytes");
      }
      case ClaudeMessage.MalformedLine malformedLine -> {
        return ProcessFault.cliFault(
            "the CLI wrote a line of " + malformedLine.bytes() + " bytes that is not JSON");
      }
      default -> recordEntry(entry);
    }
    return Optional.empty();
  }

  /** The journal is forged: nothing from this line on is recorded. */
  private Optional<ProcessFault> recordIncident(
      ClaudeMessage.Unverified unverified, long endOffset) {
    log.atError()
        .addKeyValue("sessionId", processContext.state().session())
        .addKeyValue("processId", processContext.id())
        .addKeyValue("incident", unverified.incident())
        .log("the output of a CLI process is forged; ending the process");
    if (coordinator.currentAttemptState().isEmpty()) {
      startBackgroundRun(endOffset);
    }
    outputBuffer
        .collectorAt(endOffset)
        .add(
            derivedIds.mainThread(),
            EventFactory.incident(unverified.incident(), unverified.detail()));
    return Optional.of(new ProcessFault(Failure.INTEGRITY, false, unverified.detail()));
  }

  private void recordEntry(JournalTailer.Entry entry) {
    PermissionMode mode =
        coordinator
            .currentAttemptState()
            .map(attemptState -> attemptState.options)
            .orElse(processContext.state().setup().options())
            .permissionMode();
    List<UnrecordedEvent> events = outputMapper.map(entry, mode);
    if (!events.isEmpty() && coordinator.currentAttemptState().isEmpty()) {
      startBackgroundRun(entry.endOffset());
      coordinator
          .currentAttemptState()
          .filter(attemptState -> entry.message() instanceof ClaudeMessage.Initialized)
          .ifPresent(attemptState -> attemptState.initialized = true);
    }
    outputBuffer.add(entry.message(), events);
  }

  /** Starts a run without a prompt: a background task reports its end, or works. */
  private void startBackgroundRun(long endOffset) {
    coordinator.start(
        new RunAttempt(
            derivedIds.backgroundRunId(processContext.id(), endOffset),
            new Cause.Background(),
            1,
            false,
            1,
            processContext.state().setup().options(),
            runCommandSender.provenance(),
            Optional.empty(),
            new CompletableFuture<>()));
  }

  private void requestPermission(PermissionRequest call, long endOffset) {
    if (coordinator.currentAttemptState().isEmpty()) {
      startBackgroundRun(endOffset);
    }
    calls.requestPermission(call, outputBuffer.collectorAt(endOffset));
  }

  /**
   * Handles a hook point. A prompt that mentions a denied file ends its process, because the CLI
   * has read the file and would report it when the file changes or the conversation is compacted.
   */
  private Optional<ProcessFault> onHookCallback(HookCallback callback, long endOffset)
      throws IOException {
    outputBuffer.flush(); // The subagent's own calls come first.
    Set<String> mentions = notificationFilter.findMentions(callback);
    Optional<ClaudeMessage.Unverified> forgery = notificationFilter.findForgery(callback, mentions);
    if (forgery.isPresent()) {
      return recordIncident(forgery.get(), endOffset);
    }
    if (!mentions.isEmpty() && coordinator.currentAttemptState().isEmpty()) {
      startBackgroundRun(endOffset);
    }
    Optional<RunId> run = coordinator.currentRunId();
    Optional<String> refusal = notificationFilter.findRefusal(callback, mentions, run);
    if (refusal.isEmpty()) {
      pointHookRunner.run(callback, run.or(() -> lastRun));
      return Optional.empty();
    }
    Map<String, Object> block = Map.of("decision", "block", "reason", refusal.get());
    processContext.process().send(ClaudeInput.hookResponse(callback.requestId(), block));
    return NotificationFilter.isPrompt(callback)
        ? ProcessFault.cliFault(refusal.get())
        : Optional.empty();
  }

  /** Relays a message after its events were recorded, or at once if it has none. */
  private void relay(ClaudeMessage.McpMessage message, long endOffset) throws IOException {
    boolean running = coordinator.currentAttemptState().isPresent();
    List<UnrecordedEvent> events =
        relay.eventsFor(message, endOffset, running && isAllowed(message));
    outputBuffer.add(events);
    if (!events.isEmpty()) {
      outputBuffer.flush();
    }
    relay.relay(message, running && isAllowed(message));
  }

  private boolean isAllowed(ClaudeMessage.McpMessage message) {
    return relay.isAllowed(message)
        && runningToolCalls.isAllowedInput(
            McpRelay.toolUseId(message), message.message().at("/params/arguments"));
  }

  private RunAttempt.AttemptState currentState() {
    return coordinator.currentAttemptState().orElseThrow();
  }

  private Optional<ProcessFault> onControlResponse(ClaudeMessage.ControlResponse reply)
      throws IOException {
    Optional<ProcessFault> fault = ProcessFault.findSetupFault(reply, processContext.spec());
    coordinator.controlRequests().onControlResponse(reply);
    if (fault.isEmpty()) {
      coordinator.sideRequests().onControlResponse(reply);
    }
    if (fault.isEmpty()
        && reply.requestId().equals(initializeRequestId)
        && coordinator.currentAttemptState().isPresent()) {
      answerPending(reply);
    }
    return fault;
  }

  /** Answers the permission requests that the CLI still waits for after a restart. */
  private void answerPending(ClaudeMessage.ControlResponse reply) throws IOException {
    outputBuffer.flush();
    OutputCollector outputCollector = outputBuffer.collectorForRunner();
    for (PermissionRequest pending : reply.pending()) {
      permissionRequestHandler.answerIfDecided(pending);
      calls.requestPermission(pending, outputCollector);
    }
    outputBuffer.flush();
    if (coordinator
        .currentAttemptState()
        .filter(attemptState -> !attemptState.initialized)
        .isPresent()) {
      coordinator.writePrompt();
    }
  }

  private void onEcho(ClaudeMessage.UserMessage userMessage) {
    coordinator
        .currentAttemptState()
        .filter(
            attemptState -> userMessage.isReplay() && attemptState.hasPrompt(userMessage.uuid()))
        .ifPresent(attemptState -> attemptState.echoedAt = attemptState.promptedAt);
  }

  void close() {
    relay.close();
    connection.close();
  }
}
