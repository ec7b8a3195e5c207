package io.agentledger.command.claude.run;

import io.agentledger.api.session.ActionEvent;
import io.agentledger.api.session.ActionEvent.Decision;
import io.agentledger.api.session.ActionEvent.Expiry;
import io.agentledger.api.session.ActionEvent.Patience;
import io.agentledger.api.session.ActionEvent.PermissionDecided;
import io.agentledger.api.session.ActionEvent.ToolAnswered;
import io.agentledger.api.session.ActionId;
import io.agentledger.api.session.Output;
import io.agentledger.api.session.OutputEvent.Verdict;
import io.agentledger.api.session.SessionTools;
import io.agentledger.api.session.ToolCallId;
import io.agentledger.api.shared.Json;
import io.agentledger.command.claude.protocol.ClaudeInput;
import io.agentledger.command.claude.protocol.ClaudeMessage.ServerAsked;
import io.agentledger.command.claude.protocol.ClaudeParser;
import io.agentledger.command.claude.record.DerivedNames;
import io.agentledger.command.claude.record.RunRecorder;
import io.agentledger.command.mcp.ToolServers;
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
final class ToolRelay {
  private static final String CALL = "tools/call";

  private final Post post;
  private final DerivedNames names;
  private final ToolServers.Conversation servers;
  private final Consumer<Runnable> soon;
  private final RelayNotes notes;
  private final ClientFace client;
  private final Map<ActionId, ServerAsked> waiting = new HashMap<>();
  private final Map<String, ServerAsked> underWay = new LinkedHashMap<>();
  private final ElicitationDesk elicitations;

  /**
   * @param soon runs something on the thread whose own this is
   * @param hooks around what servers ask users
   * @param books where what servers ask is put down
   */
  ToolRelay(
      Post post,
      DerivedNames names,
      ToolServers servers,
      Consumer<Runnable> soon,
      ElicitationHooks hooks,
      ElicitationDesk.Books books) {
    this.post = post;
    this.names = names;
    this.soon = soon;
    this.elicitations =
        new ElicitationDesk(post.record(), names, hooks, books, soon, this::underWay);
    this.servers =
        servers.open(post.record().provenance(), post.tools().mcpServers(), elicitations::users);
    this.notes = new RelayNotes(post.process().directory());
    this.client = new ClientFace(post.tools().clientTools());
  }

  /** The model's name for the call that a message carries out; empty if it is none. */
  static String toolUse(ServerAsked asked) {
    return ClaudeParser.text(asked.message().at("/params/_meta"), "claudecode/toolUseId");
  }

  private static boolean isCall(ServerAsked asked) {
    return ClaudeParser.text(asked.message(), "method").equals(CALL);
  }

  private static boolean isClients(ServerAsked asked) {
    return asked.server().equals(SessionTools.CLIENT);
  }

  /** Whether somebody is waited for. */
  boolean isWaiting() {
    return !underWay.isEmpty() || !waiting.isEmpty();
  }

  /** Whether the record holds the call as allowed, and not as done. */
  boolean isGranted(ServerAsked asked) {
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
  List<Output.Read> outputs(ServerAsked asked, long end, boolean granted) {
    List<Output.Read> reads = new ArrayList<>();
    if (!isCall(asked)) return reads;
    RunRecorder.Line line = new RunRecorder.Line(end, reads);
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
              new Patience.Unlimited(),
              new Json(asked.message().at("/params/arguments").toString())));
    }
    return reads;
  }

  /** Not the id under which permission may have been asked for the same call. */
  private ActionId clientAction(String toolUse) {
    return names.action("client/" + toolUse);
  }

  /** Acts on a message, once: what is on the record of it is there. */
  void act(ServerAsked asked, boolean granted) throws IOException {
    if (!notes.heard(asked)) return;
    if (!granted) {
      answer(asked, ClientFace.failure(asked.message(), "Nobody allowed this call."));
    } else if (!isClients(asked)) {
      pass(asked);
    } else if (isCall(asked)) {
      await(asked);
    } else {
      answer(asked, client.answer(asked.message()));
    }
  }

  private void pass(ServerAsked asked) {
    underWay.put(asked.requestId(), asked);
    servers
        .answer(asked.server(), asked.message())
        .exceptionally(
            fault -> ClientFace.failure(asked.message(), "The MCP server could not be asked."))
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

  private void await(ServerAsked asked) throws IOException {
    ActionId action = clientAction(toolUse(asked));
    waiting.put(action, asked);
    Optional<ActionEvent> end = post.record().settlement(action);
    if (end.isPresent()) settle(end.get());
  }

  /** Somebody has answered for the client, or nobody will. */
  void settle(ActionEvent event) throws IOException {
    elicitations.settle(event);
    ServerAsked asked = waiting.remove(event.actionId());
    if (asked == null) return;
    if (event instanceof ToolAnswered said) {
      String output = post.record().open(ToolAnswered.class, "output", said.output());
      answer(asked, ClientFace.result(asked.message(), output, said.isError()));
    } else {
      answer(asked, ClientFace.failure(asked.message(), "Nobody carried the call out."));
    }
  }

  private void cancel(ServerAsked asked) {
    servers.cancel(asked.server(), asked.message());
    if (isCall(asked)) elicitations.over(names.call(toolUse(asked)));
  }

  /** The CLI takes a message back. */
  List<Output.Read> withdrawn(String requestId, long end) throws IOException {
    List<Output.Read> reads = new ArrayList<>();
    for (Map.Entry<ActionId, ServerAsked> each : List.copyOf(waiting.entrySet())) {
      if (each.getValue().requestId().equals(requestId)) {
        waiting.remove(each.getKey());
        new RunRecorder.Line(end, reads)
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
  void resume() throws IOException {
    elicitations.resume();
    for (ServerAsked asked : notes.read()) {
      if (!isCall(asked)) {
        resumeAsking(asked);
      } else if (isClients(asked) && isGranted(asked)) {
        await(asked);
      } else {
        answer(
            asked,
            ClientFace.failure(
                asked.message(),
                "The service was restarted meanwhile; the outcome of this call is unknown."));
      }
    }
  }

  private void resumeAsking(ServerAsked asked) throws IOException {
    if (isClients(asked)) {
      answer(asked, client.answer(asked.message()));
    } else {
      pass(asked);
    }
  }

  private void answerUnchecked(ServerAsked asked, JsonNode reply) {
    try {
      answer(asked, reply);
    } catch (IOException gone) {
      throw new UncheckedIOException(gone);
    }
  }

  private void answer(ServerAsked asked, JsonNode reply) throws IOException {
    post.process().send(ClaudeInput.said(asked.requestId(), reply));
    notes.answered(asked.requestId());
  }

  /** A run is over, or another attempt begins: nobody answers what was asked in it. */
  void clear() {
    elicitations.clear();
  }

  void close() {
    servers.close();
  }
}
