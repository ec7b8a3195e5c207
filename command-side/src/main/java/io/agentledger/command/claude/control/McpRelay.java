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

  private final ProcessContext post;
  private final DerivedIds names;
  private final McpConnector.McpConnections servers;
  private final Consumer<Runnable> soon;
  private final McpRelayLog notes;
  private final ClientMcpServer client;
  private final Map<ActionId, McpMessage> waiting = new HashMap<>();
  private final Map<String, McpMessage> underWay = new LinkedHashMap<>();
  private final ElicitationRequestHandler elicitations;

  /**
   * @param soon runs something on the thread whose own this is
   * @param hooks around what servers ask users
   * @param books where what servers ask is put down
   */
  public McpRelay(
      ProcessContext post,
      DerivedIds names,
      McpConnector servers,
      Consumer<Runnable> soon,
      ElicitationHooks hooks,
      ElicitationRequestHandler.Recorder books) {
    this.post = post;
    this.names = names;
    this.soon = soon;
    this.elicitations =
        new ElicitationRequestHandler(post.record(), names, hooks, books, soon, this::underWay);
    this.servers =
        servers.open(post.record().provenance(), post.tools().mcpServers(), elicitations::users);
    this.notes = new McpRelayLog(post.process().directory());
    this.client = new ClientMcpServer(post.tools().clientTools());
  }

  /** The model's name for the call that a message carries out; empty if it is none. */
  public static String toolUse(McpMessage asked) {
    return ClaudeParser.text(asked.message().at("/params/_meta"), "claudecode/toolUseId");
  }

  private static boolean isCall(McpMessage asked) {
    return ClaudeParser.text(asked.message(), "method").equals(CALL);
  }

  private static boolean isClients(McpMessage asked) {
    return asked.server().equals(SessionTools.CLIENT);
  }

  /** Whether somebody is waited for. */
  public boolean isWaiting() {
    return !underWay.isEmpty() || !waiting.isEmpty();
  }

  /** Whether the record holds the call as allowed, and not as done. */
  public boolean isGranted(McpMessage asked) {
    if (!isCall(asked)) return true;
    String tool = ClaudeParser.text(asked.message().path("params"), "name");
    String name = "mcp__" + asked.server() + "__" + tool;
    String use = toolUse(asked);
    return post.record()
        .call(names.call(use))
        .filter(call -> call.name().equals(name) && !call.returned())
        .filter(call -> call.verdict() == Verdict.ALLOWED || isDecided(use))
        .isPresent();
  }

  private boolean isDecided(String toolUse) {
    Optional<ActionEvent> end = post.record().settlement(names.action(toolUse));
    return end.isPresent()
        && end.get() instanceof PermissionDecided said
        && said.decision() == Decision.ALLOW;
  }

  /** What must be on the record before the message is acted on; nothing for most. */
  public List<Output.Entry> outputs(McpMessage asked, long end, boolean granted) {
    List<Output.Entry> reads = new ArrayList<>();
    if (!isCall(asked)) return reads;
    OutputMapper.OutputCollector line = new OutputMapper.OutputCollector(end, reads);
    String tool = ClaudeParser.text(asked.message().path("params"), "name");
    if (!granted) {
      line.add(
          names.own(),
          new Output.Incident(
              "ungranted_server_call",
              "the CLI wants to call " + tool + " of " + asked.server() + "; nobody allowed it"));
    } else if (isClients(asked)) {
      String use = toolUse(asked);
      line.add(
          names.own(),
          new Output.CallClientTool(
              clientAction(use),
              names.call(use),
              tool,
              new AnswerTimeout.Unlimited(),
              new Json(asked.message().at("/params/arguments").toString())));
    }
    return reads;
  }

  /** Not the id under which permission may have been asked for the same call. */
  private ActionId clientAction(String toolUse) {
    return names.action("client/" + toolUse);
  }

  /** Acts on a message, once: what is on the record of it is there. */
  public void act(McpMessage asked, boolean granted) throws IOException {
    if (!notes.heard(asked)) return;
    if (!granted) {
      answer(asked, ClientMcpServer.failure(asked.message(), "Nobody allowed this call."));
    } else if (!isClients(asked)) {
      pass(asked);
    } else if (isCall(asked)) {
      await(asked);
    } else {
      answer(asked, client.answer(asked.message()));
    }
  }

  private void pass(McpMessage asked) {
    underWay.put(asked.requestId(), asked);
    servers
        .answer(asked.server(), asked.message())
        .exceptionally(
            fault -> ClientMcpServer.failure(asked.message(), "The MCP server could not be asked."))
        .thenAccept(
            reply ->
                soon.accept(
                    () -> {
                      if (underWay.remove(asked.requestId()) == null) return; // Taken back.
                      if (isCall(asked)) elicitations.over(names.call(toolUse(asked)));
                      answerUnchecked(asked, reply);
                    }));
  }

  /** The call of a server that is carried out, the last one if there are several. */
  private Optional<ToolCallId> underWay(String server) {
    return underWay.values().stream()
        .filter(asked -> asked.server().equals(server) && isCall(asked))
        .reduce((earlier, later) -> later)
        .map(asked -> names.call(toolUse(asked)));
  }

  private void await(McpMessage asked) throws IOException {
    ActionId action = clientAction(toolUse(asked));
    waiting.put(action, asked);
    Optional<ActionEvent> end = post.record().settlement(action);
    if (end.isPresent()) settle(end.get());
  }

  /** Somebody has answered for the client, or nobody will. */
  public void settle(ActionEvent event) throws IOException {
    elicitations.settle(event);
    McpMessage asked = waiting.remove(event.actionId());
    if (asked == null) return;
    if (event instanceof ToolAnswered said) {
      String output = post.record().open(ToolAnswered.class, "output", said.output());
      answer(asked, ClientMcpServer.result(asked.message(), output, said.isError()));
    } else {
      answer(asked, ClientMcpServer.failure(asked.message(), "Nobody carried the call out."));
    }
  }

  private void cancel(McpMessage asked) {
    servers.cancel(asked.server(), asked.message());
    if (isCall(asked)) elicitations.over(names.call(toolUse(asked)));
  }

  /** The CLI takes a message back. */
  public List<Output.Entry> withdrawn(String requestId, long end) throws IOException {
    List<Output.Entry> reads = new ArrayList<>();
    for (Map.Entry<ActionId, McpMessage> each : List.copyOf(waiting.entrySet())) {
      if (each.getValue().requestId().equals(requestId)) {
        waiting.remove(each.getKey());
        new OutputMapper.OutputCollector(end, reads)
            .add(names.own(), new Output.Withdraw(each.getKey(), Expiry.WITHDRAWN));
      }
    }
    Optional.ofNullable(underWay.remove(requestId)).ifPresent(this::cancel);
    notes.answered(requestId);
    return reads;
  }

  /**
   * Goes on where an earlier life of this node stopped. The CLI still waits for what was not
   * answered, and says it no second time. What only asks is asked again; a call may have been
   * carried out, so its outcome is unknown and it is not made again.
   */
  public void resume() throws IOException {
    elicitations.resume();
    for (McpMessage asked : notes.read()) {
      if (!isCall(asked)) {
        resumeAsking(asked);
      } else if (isClients(asked) && isGranted(asked)) {
        await(asked);
      } else {
        answer(
            asked,
            ClientMcpServer.failure(
                asked.message(),
                "The service was restarted meanwhile; the outcome of this call is unknown."));
      }
    }
  }

  private void resumeAsking(McpMessage asked) throws IOException {
    if (isClients(asked)) {
      answer(asked, client.answer(asked.message()));
    } else {
      pass(asked);
    }
  }

  private void answerUnchecked(McpMessage asked, JsonNode reply) {
    try {
      answer(asked, reply);
    } catch (IOException gone) {
      throw new UncheckedIOException(gone);
    }
  }

  private void answer(McpMessage asked, JsonNode reply) throws IOException {
    post.process().send(ClaudeInput.said(asked.requestId(), reply));
    notes.answered(asked.requestId());
  }

  /** A run is over, or another attempt begins: nobody answers what was asked in it. */
  public void clear() {
    elicitations.clear();
  }

  public void close() {
    servers.close();
  }
}
