package io.agentledger.command.claude.control;

import io.agentledger.api.identity.Provenance;
import io.agentledger.api.mcp.PlatformServer;
import io.agentledger.api.session.ActionId;
import io.agentledger.api.session.SessionTools;
import io.agentledger.api.session.ToolCallId;
import io.agentledger.api.session.event.ActionEvent;
import io.agentledger.api.session.event.ActionEvent.AnswerTimeout;
import io.agentledger.api.session.event.ActionEvent.ClientToolCalled;
import io.agentledger.api.session.event.ActionEvent.ToolAnswered;
import io.agentledger.api.session.event.OutputEvent.McpServerState;
import io.agentledger.api.session.event.OutputEvent.ToolCalled;
import io.agentledger.command.claude.process.JournalTailer;
import io.agentledger.command.claude.process.ProcessContext;
import io.agentledger.command.claude.protocol.ClaudeInput;
import io.agentledger.command.claude.protocol.ClaudeMessage;
import io.agentledger.command.claude.protocol.ClaudeMessage.McpMessage;
import io.agentledger.command.claude.protocol.ClaudeParser;
import io.agentledger.command.claude.record.DerivedIds;
import io.agentledger.command.claude.record.OutputCollector;
import io.agentledger.command.claude.record.UnrecordedEvent;
import io.agentledger.command.claude.state.EventFactory;
import io.agentledger.command.claude.state.RunState;
import io.agentledger.command.mcp.McpConnector;
import io.agentledger.store.permission.EvaluatedToolCall;
import io.agentledger.store.support.UntrustedJson;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;

/**
 * Relays messages between the CLI and MCP servers. A call is relayed only if it is recorded as
 * allowed; a call of a client's tool waits for the client. Confined to one thread; responses of
 * servers are dispatched to it.
 */
public final class McpRelay {
  private static final String CALL = "tools/call";
  private static final String READ = "resources/read";

  private final ProcessContext processContext;
  private final DerivedIds derivedIds;
  private final McpConnector.McpConnections servers;
  private final Consumer<Runnable> executor;
  private final McpRelayLog mcpRelayLog;
  private final ClientMcpServer client;
  private final Map<ActionId, McpMessage> waitingForAnswer = new HashMap<>();
  private final Map<String, McpMessage> forwardedRequests = new LinkedHashMap<>();
  private final ElicitationRequestHandler elicitations;

  /**
   * @param executor runs tasks on the thread that this object is confined to
   * @param hooks hooks for requests of servers to users
   * @param recorder records the requests of servers to users
   */
  public McpRelay(
      ProcessContext processContext,
      DerivedIds derivedIds,
      McpConnector mcpConnector,
      Consumer<Runnable> executor,
      ElicitationHooks hooks,
      ElicitationRequestHandler.Recorder recorder) {
    this.processContext = processContext;
    this.derivedIds = derivedIds;
    this.executor = executor;
    this.elicitations =
        new ElicitationRequestHandler(
            processContext.state(), derivedIds, hooks, recorder, executor, this::runningCall);
    this.servers =
        mcpConnector.open(
            processContext.state().provenance(),
            new PlatformServer.Client(
                processContext.state().opened().agent().id(), processContext.state().session()),
            processContext.tools().mcpServers(),
            elicitations::channelFor);
    this.mcpRelayLog = new McpRelayLog(processContext.process().directory());
    this.client = new ClientMcpServer(processContext.tools().clientTools());
  }

  /** Returns the model's id of the call in the message; empty if the message is not a call. */
  public static String toolUseId(McpMessage message) {
    return ClaudeParser.text(message.message().at("/params/_meta"), "claudecode/toolUseId");
  }

  private static boolean isCall(McpMessage message) {
    return ClaudeParser.text(message.message(), "method").equals(CALL);
  }

  private static boolean isForClientTools(McpMessage message) {
    return message.server().equals(SessionTools.CLIENT);
  }

  /** Returns whether a response of a server or a client is pending. */
  public boolean isWaiting() {
    return !forwardedRequests.isEmpty() || !waitingForAnswer.isEmpty();
  }

  /**
   * Returns whether the call is recorded as allowed and has no outcome yet. A resource is read for
   * such a call, too.
   */
  public boolean isAllowed(McpMessage message) {
    if (ClaudeParser.text(message.message(), "method").equals(READ)) return isReadAllowed(message);
    if (!isCall(message)) return true;
    String tool = ClaudeParser.text(message.message().path("params"), "name");
    String name = "mcp__" + message.server() + "__" + tool;
    return processContext
        .state()
        .call(derivedIds.toolCallId(toolUseId(message)))
        .filter(call -> call.name().equals(name) && call.allowed() && call.outcome().isEmpty())
        .isPresent();
  }

  private boolean isReadAllowed(McpMessage message) {
    return processContext.state().runsUnderWayAt(processContext.id()).stream()
        .anyMatch(run -> isReadAllowed(run, message));
  }

  private boolean isReadAllowed(RunState run, McpMessage message) {
    return run.calls().values().stream()
        .filter(call -> EvaluatedToolCall.RESOURCE_READERS.contains(call.name()))
        .filter(call -> call.allowed() && call.outcome().isEmpty())
        .map(call -> processContext.state().open(ToolCalled.class, "input", call.input()))
        .map(UntrustedJson.MAPPER::readTree)
        .anyMatch(
            input ->
                ClaudeParser.text(input, "server").equals(message.server())
                    && ClaudeParser.text(message.message().path("params"), "uri")
                        .startsWith(ClaudeParser.text(input, "uri")));
  }

  /**
   * Returns the events that must be recorded before the message is relayed; none for most messages.
   */
  public List<UnrecordedEvent> eventsFor(McpMessage message, long endOffset, boolean granted) {
    List<UnrecordedEvent> events = new ArrayList<>();
    if (!isCall(message)) return events;
    OutputCollector outputCollector = new OutputCollector(endOffset, events);
    String tool = ClaudeParser.text(message.message().path("params"), "name");
    if (!granted) {
      outputCollector.add(
          derivedIds.mainThread(),
          EventFactory.incident(
              "ungranted_server_call",
              "the CLI wants to call "
                  + tool
                  + " of "
                  + message.server()
                  + ", which was not allowed"));
    } else if (isForClientTools(message)) {
      ToolCallId call = derivedIds.toolCallId(toolUseId(message));
      ActionId action = clientAction(toolUseId(message));
      String input = message.message().at("/params/arguments").toString();
      AnswerTimeout unlimited = new AnswerTimeout.Unlimited();
      outputCollector.add(
          derivedIds.mainThread(),
          (sealer, run, thread, _) -> {
            var sealed = sealer.text(ClientToolCalled.class, "input", input);
            return new ClientToolCalled(
                sealer.session(), run, thread, action, call, tool, unlimited, sealed);
          });
    }
    return events;
  }

  /**
   * Returns the id of the client's action, which differs from the id of a permission request for
   * the same call.
   */
  private ActionId clientAction(String toolUse) {
    return derivedIds.actionId("client/" + toolUse);
  }

  /** Relays a message once, after its events were recorded. */
  public void relay(McpMessage message, boolean granted) throws IOException {
    if (!mcpRelayLog.recordRequest(message)) return;
    if (!granted) {
      respond(
          message,
          ClientMcpServer.toolErrorResponse(message.message(), "This call was not allowed."));
    } else if (!isForClientTools(message)) {
      forward(message);
    } else if (isCall(message)) {
      awaitClient(message);
    } else {
      respond(message, client.respond(message.message()));
    }
  }

  /** Returns the line with the reasons for servers that the CLI could not connect to. */
  public JournalTailer.Entry explain(ClaudeMessage.Initialized init, long endOffset) {
    return new JournalTailer.Entry(init.withServers(this::explain), endOffset);
  }

  private McpServerState explain(McpServerState server) {
    if (server.status().equals(McpServerState.CONNECTED)) return server;
    return new McpServerState(
        server.name(), server.status(), servers.findFailure(server.name()).orElse(""));
  }

  private void forward(McpMessage message) {
    forwardedRequests.put(message.requestId(), message);
    servers
        .answer(message.server(), message.message(), initiatorOf(message))
        .exceptionally(
            fault ->
                ClientMcpServer.toolErrorResponse(
                    message.message(), "The request to the MCP server failed."))
        .thenAccept(
            reply ->
                executor.accept(
                    () -> {
                      if (forwardedRequests.remove(message.requestId()) == null)
                        return; // Withdrawn.
                      if (isCall(message))
                        elicitations.onCallEnded(derivedIds.toolCallId(toolUseId(message)));
                      respondUnchecked(message, reply);
                    }));
  }

  /** Returns the provenance of the run that the message belongs to; without one, the session's. */
  private Provenance initiatorOf(McpMessage message) {
    boolean reads = ClaudeParser.text(message.message(), "method").equals(READ);
    return processContext.state().runsUnderWayAt(processContext.id()).stream()
        .filter(
            run ->
                isCall(message)
                    ? run.calls().containsKey(derivedIds.toolCallId(toolUseId(message)))
                    : reads && isReadAllowed(run, message))
        .findFirst()
        .map(RunState::provenance)
        .orElseGet(processContext.state()::provenance);
  }

  /** Returns the latest call to the server that is in progress. */
  private Optional<ToolCallId> runningCall(String server) {
    return forwardedRequests.values().stream()
        .filter(message -> message.server().equals(server) && isCall(message))
        .reduce((earlier, later) -> later)
        .map(message -> derivedIds.toolCallId(toolUseId(message)));
  }

  private void awaitClient(McpMessage message) throws IOException {
    ActionId action = clientAction(toolUseId(message));
    waitingForAnswer.put(action, message);
    Optional<ActionEvent> end = processContext.state().resolutionOf(action);
    if (end.isPresent()) resolve(end.get());
  }

  /** Handles the end of a pending action: it was answered, or it ended without an answer. */
  public void resolve(ActionEvent event) throws IOException {
    elicitations.resolve(event);
    McpMessage message = waitingForAnswer.remove(event.actionId());
    if (message == null) return;
    if (event instanceof ToolAnswered toolAnswered) {
      String output =
          processContext.state().open(ToolAnswered.class, "output", toolAnswered.output());
      respond(
          message, ClientMcpServer.toolResponse(message.message(), output, toolAnswered.isError()));
    } else {
      respond(
          message,
          ClientMcpServer.toolErrorResponse(
              message.message(), "The client did not execute the call."));
    }
  }

  private void cancel(McpMessage message) {
    servers.cancel(message.server(), message.message());
    if (isCall(message)) elicitations.onCallEnded(derivedIds.toolCallId(toolUseId(message)));
  }

  /** Handles the withdrawal of a message by the CLI. */
  public List<UnrecordedEvent> withdraw(String requestId, long endOffset) throws IOException {
    List<UnrecordedEvent> events = new ArrayList<>();
    for (Map.Entry<ActionId, McpMessage> entry : List.copyOf(waitingForAnswer.entrySet())) {
      if (entry.getValue().requestId().equals(requestId)) {
        waitingForAnswer.remove(entry.getKey());
        new OutputCollector(endOffset, events)
            .add(derivedIds.mainThread(), EventFactory.actionWithdrawn(entry.getKey()));
      }
    }
    Optional.ofNullable(forwardedRequests.remove(requestId)).ifPresent(this::cancel);
    mcpRelayLog.recordAnswer(requestId);
    return events;
  }

  /**
   * Resumes after a restart of this node. The CLI still waits for responses to its unanswered
   * messages and does not repeat them. Requests without effects are sent again; a call may have
   * been executed, so its outcome is unknown and it is not repeated.
   */
  public void resume() throws IOException {
    elicitations.resume();
    for (McpMessage message : mcpRelayLog.readUnanswered()) {
      if (!isCall(message)) {
        resumeRequest(message);
      } else if (isForClientTools(message) && isAllowed(message)) {
        awaitClient(message);
      } else {
        respond(
            message,
            ClientMcpServer.toolErrorResponse(
                message.message(),
                "The service was restarted meanwhile; the outcome of this call is unknown."));
      }
    }
  }

  private void resumeRequest(McpMessage message) throws IOException {
    if (isForClientTools(message)) {
      respond(message, client.respond(message.message()));
    } else {
      forward(message);
    }
  }

  private void respondUnchecked(McpMessage message, JsonNode reply) {
    try {
      respond(message, reply);
    } catch (IOException gone) {
      throw new UncheckedIOException(gone);
    }
  }

  private void respond(McpMessage message, JsonNode reply) throws IOException {
    processContext.process().send(ClaudeInput.mcpResponse(message.requestId(), reply));
    mcpRelayLog.recordAnswer(message.requestId());
  }

  /** Cancels the open requests of a run that has ended, or of an earlier attempt. */
  public void clear() {
    elicitations.clear();
  }

  public void close() {
    servers.close();
  }
}
