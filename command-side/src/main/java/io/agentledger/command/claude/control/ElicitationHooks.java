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
import io.agentledger.store.support.UntrustedJson;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Supplier;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Calls hooks for requests of MCP servers to the user, in Claude Code's format. */
public final class ElicitationHooks {
  private static final JsonMapper JSON = UntrustedJson.MAPPER;

  private final SessionId session;
  private final Hooks hooks;
  private final Supplier<Subject> subject;

  public ElicitationHooks(SessionId session, Hooks hooks, Supplier<Subject> subject) {
    this.session = session;
    this.hooks = hooks;
    this.subject = subject;
  }

  /**
   * Calls the hooks for a request of a server.
   *
   * @return false if no hook matches
   */
  boolean runRequestHooks(
      String server, ToolCallId call, ElicitationRequest request, Consumer<HookResult> callback) {
    ObjectNode input = hookInput(HookPoint.ELICITATION, server, request);
    input.setAll(request.details().deepCopy().asObject());
    OutputValidator outputValidator =
        content -> violation(request, parseAnswer(request, content, Optional.empty()));
    return callHooks(
        new HookInvocation(
            HookPoint.ELICITATION, server, call.value(), call.value(), input, outputValidator),
        callback);
  }

  /**
   * Calls the hooks for a user's answer.
   *
   * @return false if no hook matches
   */
  boolean runAnswerHooks(
      String server,
      ToolCallId call,
      ElicitationRequest request,
      ElicitationAnswer elicitationAnswer,
      Consumer<HookResult> callback) {
    ObjectNode input = hookInput(HookPoint.ELICITATION_RESULT, server, request);
    input.put("action", elicitationAnswer.answer().name().toLowerCase(Locale.ROOT));
    elicitationAnswer.content().ifPresent(content -> input.set("content", content));
    OutputValidator outputValidator =
        content -> violation(request, parseAnswer(request, content, elicitationAnswer.content()));
    return callHooks(
        new HookInvocation(
            HookPoint.ELICITATION_RESULT,
            server,
            call.value(),
            call.value(),
            input,
            outputValidator),
        callback);
  }

  private ObjectNode hookInput(HookPoint point, String server, ElicitationRequest request) {
    ObjectNode input = JSON.createObjectNode();
    input.put("session_id", session.value());
    input.put("hook_event_name", point.wireName());
    input.put("mcp_server_name", server);
    input.put("mode", request.mode().name().toLowerCase(Locale.ROOT));
    if (!request.elicitationId().isEmpty()) input.put("elicitation_id", request.elicitationId());
    return input;
  }

  private boolean callHooks(HookInvocation invocation, Consumer<HookResult> callback) {
    Optional<CompletableFuture<HookResult>> hookResult = hooks.call(subject.get(), invocation);
    hookResult.ifPresent(future -> future.thenAccept(callback));
    return hookResult.isPresent();
  }

  /** Validates a hook's answer by the same rules as a user's. */
  private static Optional<String> violation(
      ElicitationRequest request, ElicitationAnswer elicitationAnswer) {
    return new ElicitationForm(request.mode(), request.details())
        .violation(elicitationAnswer.answer(), elicitationAnswer.content().orElse(null))
        .map(fault -> "its answer is invalid: content" + fault.field() + " " + fault.rule());
  }

  /**
   * Returns the answer that the hooks determine, if any; a denial declines.
   *
   * @param content the user's content, which is used if the hooks accept without content
   */
  static Optional<ElicitationAnswer> answerFrom(
      HookResult result, ElicitationRequest request, Optional<JsonNode> content) {
    if (result.decision().filter(decision -> decision.hasVerdict(Verdict.DENIED)).isPresent()) {
      return Optional.of(new ElicitationAnswer(Answer.DECLINE, Optional.empty()));
    }
    return result.output().map(output -> parseAnswer(request, output, content));
  }

  private static ElicitationAnswer parseAnswer(
      ElicitationRequest request, JsonNode content, Optional<JsonNode> before) {
    Answer answer = Answer.valueOf(content.path("action").asString("").toUpperCase(Locale.ROOT));
    if (!new ElicitationForm(request.mode(), request.details()).requiresContent(answer)) {
      return new ElicitationAnswer(answer, Optional.empty());
    }
    return new ElicitationAnswer(
        answer, content.hasNonNull("content") ? content.optional("content") : before);
  }
}
