package io.agentledger.command.claude.run;

import io.agentledger.api.hook.HookPoint;
import io.agentledger.api.session.ElicitationEvent.Answer;
import io.agentledger.api.session.OutputEvent.Verdict;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.ToolCallId;
import io.agentledger.command.claude.policy.Hooks;
import io.agentledger.command.claude.policy.Hooks.Heard;
import io.agentledger.command.claude.policy.Hooks.Occasion;
import io.agentledger.command.claude.policy.Permissions.Whose;
import io.agentledger.command.mcp.link.Users.Said;
import io.agentledger.command.mcp.link.Users.Wanted;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Supplier;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The hooks around what servers ask users, in the shape of Claude Code's own. */
final class ElicitationHooks {
  private static final JsonMapper JSON = JsonMapper.shared();

  private final SessionId session;
  private final Hooks hooks;
  private final Supplier<Whose> whose;

  ElicitationHooks(SessionId session, Hooks hooks, Supplier<Whose> whose) {
    this.session = session;
    this.hooks = hooks;
    this.whose = whose;
  }

  /**
   * A server wants to know something.
   *
   * @return false if nobody wants to be asked
   */
  boolean asked(String server, ToolCallId call, Wanted wanted, Consumer<Heard> then) {
    ObjectNode input = input(HookPoint.ELICITATION, server, wanted);
    input.setAll(wanted.ask().deepCopy().asObject());
    return call(HookPoint.ELICITATION, server, call, input, then);
  }

  /** The user has answered. */
  boolean answered(String server, ToolCallId call, Wanted wanted, Said said, Consumer<Heard> then) {
    ObjectNode input = input(HookPoint.ELICITATION_RESULT, server, wanted);
    input.put("action", said.answer().name().toLowerCase(Locale.ROOT));
    said.content().ifPresent(content -> input.set("content", content));
    return call(HookPoint.ELICITATION_RESULT, server, call, input, then);
  }

  private ObjectNode input(HookPoint point, String server, Wanted wanted) {
    ObjectNode input = JSON.createObjectNode();
    input.put("session_id", session.value());
    input.put("hook_event_name", point.wireName());
    input.put("mcp_server_name", server);
    input.put("mode", wanted.mode().name().toLowerCase(Locale.ROOT));
    if (!wanted.elicitationId().isEmpty()) input.put("elicitation_id", wanted.elicitationId());
    return input;
  }

  private boolean call(
      HookPoint point, String server, ToolCallId call, ObjectNode input, Consumer<Heard> then) {
    Optional<CompletableFuture<Heard>> heard =
        hooks.call(whose.get(), new Occasion(point, server, call.value(), input));
    heard.ifPresent(future -> future.thenAccept(then));
    return heard.isPresent();
  }

  /** What they want the server told, if they do; a denial declines. */
  static Optional<Said> answer(Heard heard) {
    if (heard.ruling().filter(ruling -> ruling.is(Verdict.DENIED)).isPresent()) {
      return Optional.of(new Said(Answer.DECLINE, Optional.empty()));
    }
    return heard.output().map(ElicitationHooks::said);
  }

  private static Said said(JsonNode words) {
    Answer answer = Answer.valueOf(words.path("action").asString("").toUpperCase(Locale.ROOT));
    JsonNode content = words.path("content");
    boolean fills = answer == Answer.ACCEPT && content.isObject();
    return new Said(answer, fills ? Optional.of(content) : Optional.empty());
  }
}
