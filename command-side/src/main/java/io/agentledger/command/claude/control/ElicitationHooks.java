package io.agentledger.command.claude.control;

import io.agentledger.api.hook.HookPoint;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.ToolCallId;
import io.agentledger.api.session.event.ElicitationEvent.Answer;
import io.agentledger.api.session.event.OutputEvent.Verdict;
import io.agentledger.command.claude.policy.Hooks;
import io.agentledger.command.claude.policy.Hooks.HookInvocation;
import io.agentledger.command.claude.policy.Hooks.HookResult;
import io.agentledger.command.claude.policy.Hooks.OutputValidator;
import io.agentledger.command.claude.policy.ToolCallAuthorizer.Subject;
import io.agentledger.command.mcp.connection.ElicitationChannel.ElicitationAnswer;
import io.agentledger.command.mcp.connection.ElicitationChannel.ElicitationRequest;
import io.agentledger.command.support.ElicitationForm;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Supplier;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The hooks around what servers ask users, in the shape of Claude Code's own. */
public final class ElicitationHooks {
  private static final JsonMapper JSON = JsonMapper.shared();

  private final SessionId session;
  private final Hooks hooks;
  private final Supplier<Subject> whose;

  public ElicitationHooks(SessionId session, Hooks hooks, Supplier<Subject> whose) {
    this.session = session;
    this.hooks = hooks;
    this.whose = whose;
  }

  /**
   * A server wants to know something.
   *
   * @return false if nobody wants to be asked
   */
  boolean asked(
      String server, ToolCallId call, ElicitationRequest wanted, Consumer<HookResult> then) {
    ObjectNode input = input(HookPoint.ELICITATION, server, wanted);
    input.setAll(wanted.ask().deepCopy().asObject());
    OutputValidator measure = words -> fault(wanted, said(wanted, words, Optional.empty()));
    return call(
        new HookInvocation(HookPoint.ELICITATION, server, call.value(), input, measure), then);
  }

  /** The user has answered. */
  boolean answered(
      String server,
      ToolCallId call,
      ElicitationRequest wanted,
      ElicitationAnswer said,
      Consumer<HookResult> then) {
    ObjectNode input = input(HookPoint.ELICITATION_RESULT, server, wanted);
    input.put("action", said.answer().name().toLowerCase(Locale.ROOT));
    said.content().ifPresent(content -> input.set("content", content));
    OutputValidator measure = words -> fault(wanted, said(wanted, words, said.content()));
    return call(
        new HookInvocation(HookPoint.ELICITATION_RESULT, server, call.value(), input, measure),
        then);
  }

  private ObjectNode input(HookPoint point, String server, ElicitationRequest wanted) {
    ObjectNode input = JSON.createObjectNode();
    input.put("session_id", session.value());
    input.put("hook_event_name", point.wireName());
    input.put("mcp_server_name", server);
    input.put("mode", wanted.mode().name().toLowerCase(Locale.ROOT));
    if (!wanted.elicitationId().isEmpty()) input.put("elicitation_id", wanted.elicitationId());
    return input;
  }

  private boolean call(HookInvocation occasion, Consumer<HookResult> then) {
    Optional<CompletableFuture<HookResult>> heard = hooks.call(whose.get(), occasion);
    heard.ifPresent(future -> future.thenAccept(then));
    return heard.isPresent();
  }

  /** A hook's answer is held to the form as a person's is. */
  private static Optional<String> fault(ElicitationRequest wanted, ElicitationAnswer said) {
    return new ElicitationForm(wanted.mode(), wanted.ask())
        .fault(said.answer(), said.content().orElse(null))
        .map(fault -> "its answer does not fit: content" + fault.field() + " " + fault.rule());
  }

  /**
   * What they want the server told, if they do; a denial declines.
   *
   * @param content what the user has put in, which stays where they accept and say nothing of it
   */
  static Optional<ElicitationAnswer> answer(
      HookResult heard, ElicitationRequest wanted, Optional<JsonNode> content) {
    if (heard.ruling().filter(ruling -> ruling.is(Verdict.DENIED)).isPresent()) {
      return Optional.of(new ElicitationAnswer(Answer.DECLINE, Optional.empty()));
    }
    return heard.output().map(words -> said(wanted, words, content));
  }

  private static ElicitationAnswer said(
      ElicitationRequest wanted, JsonNode words, Optional<JsonNode> before) {
    Answer answer = Answer.valueOf(words.path("action").asString("").toUpperCase(Locale.ROOT));
    if (!new ElicitationForm(wanted.mode(), wanted.ask()).isFilledInBy(answer)) {
      return new ElicitationAnswer(answer, Optional.empty());
    }
    return new ElicitationAnswer(
        answer, words.hasNonNull("content") ? words.optional("content") : before);
  }
}
