package io.agentledger.command.claude.control;

import io.agentledger.api.session.ActionId;
import io.agentledger.api.session.SessionTools;
import io.agentledger.api.session.ToolCallId;
import io.agentledger.api.session.event.ActionEvent;
import io.agentledger.api.session.event.ActionEvent.AnswerTimeout;
import io.agentledger.api.session.event.ActionEvent.ClientToolCalled;
import io.agentledger.api.session.event.ActionEvent.ToolAnswered;
import io.agentledger.command.claude.process.ProcessContext;
import io.agentledger.command.claude.protocol.ClaudeInput;
import io.agentledger.command.claude.protocol.ClaudeMessage.McpMessage;
import io.agentledger.command.claude.protocol.ClaudeParser;
import io.agentledger.command.claude.record.DerivedIds;
import io.agentledger.command.claude.record.OutputCollector;
import io.agentledger.command.claude.record.UnrecordedEvent;
import io.agentledger.command.claude.state.EventFactory;
import io.agentledger.command.mcp.McpConnector;
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
 * Passes on what the CLI says to MCP servers, and what they say to it. A call passes only if the
 * record holds it as allowed; a tool of the client's waits for the client. One thread's own;
 * servers answer on others and are brought back to it.
 */
public final class McpRelay {
  private static final String CALL = "tools/call";

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
   * @param executor runs something on the thread whose own this is
   * @param hooks around what servers ask users
   * @param recorder where what servers ask is put down
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
            processContext.tools().mcpServers(),
            elicitations::channelFor);
    this.mcpRelayLog = new McpRelayLog(processContext.process().directory());
    this.client = new ClientMcpServer(processContext.tools().clientTools());
  }

  /** The model's name for the call that a message carries out; empty if it is none. */
  public static String toolUseId(McpMessage message) {
    return ClaudeParser.text(message.message().at("/params/_meta"), "claudecode/toolUseId");
  }

  private static boolean isCall(McpMessage message) {
    return ClaudeParser.text(message.message(), "method").equals(CALL);
  }

  private static boolean isForClientTools(McpMessage message) {
    return message.server().equals(SessionTools.CLIENT);
  }

  /** Whether somebody is waited for. */
  public boolean isWaiting() {
    return !forwardedRequests.isEmpty() || !waitingForAnswer.isEmpty();
  }

  /** Whether the record holds the call as allowed, and not as done. */
  public boolean isAllowed(McpMessage message) {
    if (!isCall(message)) return true;
    String tool = ClaudeParser.text(message.message().path("params"), "name");
    String name = "mcp__" + message.server() + "__" + tool;
    return processContext
        .state()
        .call(derivedIds.toolCallId(toolUseId(message)))
        .filter(call -> call.name().equals(name) && call.allowed() && call.outcome().isEmpty())
        .isPresent();
  }

  /** What must be on the record before the message is acted on; nothing for most. */
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
              "the CLI wants to call " + tool + " of " + message.server() + "; nobody allowed it"));
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

  /** Not the id under which permission may have been asked for the same call. */
  private ActionId clientAction(String toolUse) {
    return derivedIds.actionId("client/" + toolUse);
  }

  /** Acts on a message, once: what is on the record of it is there. */
  public void relay(McpMessage message, boolean granted) throws IOException {
    if (!mcpRelayLog.recordRequest(message)) return;
    if (!granted) {
      respond(
          message,
          ClientMcpServer.toolErrorResponse(message.message(), "Nobody allowed this call."));
    } else if (!isForClientTools(message)) {
      forward(message);
    } else if (isCall(message)) {
      awaitClient(message);
    } else {
      respond(message, client.respond(message.message()));
    }
  }

  private void forward(McpMessage message) {
    forwardedRequests.put(message.requestId(), message);
    servers
        .answer(message.server(), message.message())
        .exceptionally(
            fault ->
                ClientMcpServer.toolErrorResponse(
                    message.message(), "The MCP server could not be asked."))
        .thenAccept(
            reply ->
                executor.accept(
                    () -> {
                      if (forwardedRequests.remove(message.requestId()) == null)
                        return; // Taken back.
                      if (isCall(message))
                        elicitations.onCallEnded(derivedIds.toolCallId(toolUseId(message)));
                      respondUnchecked(message, reply);
                    }));
  }

  /** The call of a server that is carried out, the last one if there are several. */
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

  /** Somebody has answered for the client, or nobody will. */
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
          ClientMcpServer.toolErrorResponse(message.message(), "Nobody carried the call out."));
    }
  }

  private void cancel(McpMessage message) {
    servers.cancel(message.server(), message.message());
    if (isCall(message)) elicitations.onCallEnded(derivedIds.toolCallId(toolUseId(message)));
  }

  /** The CLI takes a message back. */
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
   * Goes on where an earlier life of this node stopped. The CLI still waits for what was not
   * answered, and says it no second time. What only asks is asked again; a call may have been
   * carried out, so its outcome is unknown and it is not made again.
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

  /** A run is over, or another attempt begins: nobody answers what was asked in it. */
  public void clear() {
    elicitations.clear();
  }

  public void close() {
    servers.close();
  }
}
