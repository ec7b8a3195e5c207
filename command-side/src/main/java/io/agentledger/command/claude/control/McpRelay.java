package io.agentledger.command.claude.control;

import io.agentledger.api.session.ActionId;
import io.agentledger.api.session.SessionTools;
import io.agentledger.api.session.ToolCallId;
import io.agentledger.api.session.command.Output;
import io.agentledger.api.session.event.ActionEvent;
import io.agentledger.api.session.event.ActionEvent.AnswerTimeout;
import io.agentledger.api.session.event.ActionEvent.Decision;
import io.agentledger.api.session.event.ActionEvent.Expiry;
import io.agentledger.api.session.event.ActionEvent.PermissionDecided;
import io.agentledger.api.session.event.ActionEvent.ToolAnswered;
import io.agentledger.api.session.event.OutputEvent.Verdict;
import io.agentledger.api.shared.Json;
import io.agentledger.command.claude.process.ProcessContext;
import io.agentledger.command.claude.protocol.ClaudeInput;
import io.agentledger.command.claude.protocol.ClaudeMessage.McpMessage;
import io.agentledger.command.claude.protocol.ClaudeParser;
import io.agentledger.command.claude.record.DerivedIds;
import io.agentledger.command.claude.record.OutputMapper;
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
  private final Map<ActionId, McpMessage> waiting = new HashMap<>();
  private final Map<String, McpMessage> underWay = new LinkedHashMap<>();
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
            processContext.record(), derivedIds, hooks, recorder, executor, this::underWay);
    this.servers =
        mcpConnector.open(
            processContext.record().provenance(),
            processContext.tools().mcpServers(),
            elicitations::users);
    this.mcpRelayLog = new McpRelayLog(processContext.process().directory());
    this.client = new ClientMcpServer(processContext.tools().clientTools());
  }

  /** The model's name for the call that a message carries out; empty if it is none. */
  public static String toolUse(McpMessage message) {
    return ClaudeParser.text(message.message().at("/params/_meta"), "claudecode/toolUseId");
  }

  private static boolean isCall(McpMessage message) {
    return ClaudeParser.text(message.message(), "method").equals(CALL);
  }

  private static boolean isClients(McpMessage message) {
    return message.server().equals(SessionTools.CLIENT);
  }

  /** Whether somebody is waited for. */
  public boolean isWaiting() {
    return !underWay.isEmpty() || !waiting.isEmpty();
  }

  /** Whether the record holds the call as allowed, and not as done. */
  public boolean isGranted(McpMessage message) {
    if (!isCall(message)) return true;
    String tool = ClaudeParser.text(message.message().path("params"), "name");
    String name = "mcp__" + message.server() + "__" + tool;
    String use = toolUse(message);
    return processContext
        .record()
        .call(derivedIds.call(use))
        .filter(call -> call.name().equals(name) && !call.returned())
        .filter(call -> call.verdict() == Verdict.ALLOWED || takeDeliberated(use))
        .isPresent();
  }

  private boolean takeDeliberated(String toolUse) {
    Optional<ActionEvent> end = processContext.record().resolutionOf(derivedIds.action(toolUse));
    return end.isPresent()
        && end.get() instanceof PermissionDecided event
        && event.decision() == Decision.ALLOW;
  }

  /** What must be on the record before the message is acted on; nothing for most. */
  public List<Output.Entry> outputs(McpMessage message, long end, boolean granted) {
    List<Output.Entry> entries = new ArrayList<>();
    if (!isCall(message)) return entries;
    OutputMapper.OutputCollector outputCollector = new OutputMapper.OutputCollector(end, entries);
    String tool = ClaudeParser.text(message.message().path("params"), "name");
    if (!granted) {
      outputCollector.add(
          derivedIds.own(),
          new Output.Incident(
              "ungranted_server_call",
              "the CLI wants to call " + tool + " of " + message.server() + "; nobody allowed it"));
    } else if (isClients(message)) {
      String use = toolUse(message);
      outputCollector.add(
          derivedIds.own(),
          new Output.CallClientTool(
              clientAction(use),
              derivedIds.call(use),
              tool,
              new AnswerTimeout.Unlimited(),
              new Json(message.message().at("/params/arguments").toString())));
    }
    return entries;
  }

  /** Not the id under which permission may have been asked for the same call. */
  private ActionId clientAction(String toolUse) {
    return derivedIds.action("client/" + toolUse);
  }

  /** Acts on a message, once: what is on the record of it is there. */
  public void act(McpMessage message, boolean granted) throws IOException {
    if (!mcpRelayLog.recordRequest(message)) return;
    if (!granted) {
      answer(message, ClientMcpServer.failure(message.message(), "Nobody allowed this call."));
    } else if (!isClients(message)) {
      pass(message);
    } else if (isCall(message)) {
      await(message);
    } else {
      answer(message, client.answer(message.message()));
    }
  }

  private void pass(McpMessage message) {
    underWay.put(message.requestId(), message);
    servers
        .answer(message.server(), message.message())
        .exceptionally(
            fault ->
                ClientMcpServer.failure(message.message(), "The MCP server could not be asked."))
        .thenAccept(
            reply ->
                executor.accept(
                    () -> {
                      if (underWay.remove(message.requestId()) == null) return; // Taken back.
                      if (isCall(message))
                        elicitations.onCallEnded(derivedIds.call(toolUse(message)));
                      answerUnchecked(message, reply);
                    }));
  }

  /** The call of a server that is carried out, the last one if there are several. */
  private Optional<ToolCallId> underWay(String server) {
    return underWay.values().stream()
        .filter(message -> message.server().equals(server) && isCall(message))
        .reduce((earlier, later) -> later)
        .map(message -> derivedIds.call(toolUse(message)));
  }

  private void await(McpMessage message) throws IOException {
    ActionId action = clientAction(toolUse(message));
    waiting.put(action, message);
    Optional<ActionEvent> end = processContext.record().resolutionOf(action);
    if (end.isPresent()) resolve(end.get());
  }

  /** Somebody has answered for the client, or nobody will. */
  public void resolve(ActionEvent event) throws IOException {
    elicitations.resolve(event);
    McpMessage message = waiting.remove(event.actionId());
    if (message == null) return;
    if (event instanceof ToolAnswered toolAnswered) {
      String output =
          processContext.record().open(ToolAnswered.class, "output", toolAnswered.output());
      answer(message, ClientMcpServer.result(message.message(), output, toolAnswered.isError()));
    } else {
      answer(message, ClientMcpServer.failure(message.message(), "Nobody carried the call out."));
    }
  }

  private void cancel(McpMessage message) {
    servers.cancel(message.server(), message.message());
    if (isCall(message)) elicitations.onCallEnded(derivedIds.call(toolUse(message)));
  }

  /** The CLI takes a message back. */
  public List<Output.Entry> withdrawn(String requestId, long end) throws IOException {
    List<Output.Entry> entries = new ArrayList<>();
    for (Map.Entry<ActionId, McpMessage> each : List.copyOf(waiting.entrySet())) {
      if (each.getValue().requestId().equals(requestId)) {
        waiting.remove(each.getKey());
        new OutputMapper.OutputCollector(end, entries)
            .add(derivedIds.own(), new Output.Withdraw(each.getKey(), Expiry.WITHDRAWN));
      }
    }
    Optional.ofNullable(underWay.remove(requestId)).ifPresent(this::cancel);
    mcpRelayLog.answered(requestId);
    return entries;
  }

  /**
   * Goes on where an earlier life of this node stopped. The CLI still waits for what was not
   * answered, and says it no second time. What only asks is asked again; a call may have been
   * carried out, so its outcome is unknown and it is not made again.
   */
  public void resume() throws IOException {
    elicitations.resume();
    for (McpMessage message : mcpRelayLog.read()) {
      if (!isCall(message)) {
        resumeAsking(message);
      } else if (isClients(message) && isGranted(message)) {
        await(message);
      } else {
        answer(
            message,
            ClientMcpServer.failure(
                message.message(),
                "The service was restarted meanwhile; the outcome of this call is unknown."));
      }
    }
  }

  private void resumeAsking(McpMessage message) throws IOException {
    if (isClients(message)) {
      answer(message, client.answer(message.message()));
    } else {
      pass(message);
    }
  }

  private void answerUnchecked(McpMessage message, JsonNode reply) {
    try {
      answer(message, reply);
    } catch (IOException gone) {
      throw new UncheckedIOException(gone);
    }
  }

  private void answer(McpMessage message, JsonNode reply) throws IOException {
    processContext.process().send(ClaudeInput.response(message.requestId(), reply));
    mcpRelayLog.answered(message.requestId());
  }

  /** A run is over, or another attempt begins: nobody answers what was asked in it. */
  public void clear() {
    elicitations.clear();
  }

  public void close() {
    servers.close();
  }
}
