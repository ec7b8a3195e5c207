package io.agentledger.command.claude.run;

import io.agentledger.api.hook.HookPoint;
import io.agentledger.api.session.ElicitationEvent.Answer;
import io.agentledger.api.session.OutputEvent.Verdict;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.ToolCallId;
import io.agentledger.command.claude.policy.Hooks;
import io.agentledger.command.claude.policy.Hooks.Heard;
import io.agentledger.command.claude.policy.Hooks.Measure;
import io.agentledger.command.claude.policy.Hooks.Occasion;
import io.agentledger.command.claude.policy.Permissions.Whose;
import io.agentledger.command.mcp.link.Users.Said;
import io.agentledger.command.mcp.link.Users.Wanted;
import io.agentledger.command.support.Form;
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
    Measure measure = words -> fault(wanted, said(wanted, words, Optional.empty()));
    return call(new Occasion(HookPoint.ELICITATION, server, call.value(), input, measure), then);
  }

  /** The user has answered. */
  boolean answered(String server, ToolCallId call, Wanted wanted, Said said, Consumer<Heard> then) {
    ObjectNode input = input(HookPoint.ELICITATION_RESULT, server, wanted);
    input.put("action", said.answer().name().toLowerCase(Locale.ROOT));
    said.content().ifPresent(content -> input.set("content", content));
    Measure measure = words -> fault(wanted, said(wanted, words, said.content()));
    return call(
        new Occasion(HookPoint.ELICITATION_RESULT, server, call.value(), input, measure), then);
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

  private boolean call(Occasion occasion, Consumer<Heard> then) {
    Optional<CompletableFuture<Heard>> heard = hooks.call(whose.get(), occasion);
    heard.ifPresent(future -> future.thenAccept(then));
    return heard.isPresent();
  }

  /** A hook's answer is held to the form as a person's is. */
  private static Optional<String> fault(Wanted wanted, Said said) {
    return new Form(wanted.mode(), wanted.ask())
        .fault(said.answer(), said.content().orElse(null))
        .map(fault -> "its answer does not fit: content" + fault.field() + " " + fault.rule());
  }

  /**
   * What they want the server told, if they do; a denial declines.
   *
   * @param content what the user has put in, which stays where they accept and say nothing of it
   */
  static Optional<Said> answer(Heard heard, Wanted wanted, Optional<JsonNode> content) {
    if (heard.ruling().filter(ruling -> ruling.is(Verdict.DENIED)).isPresent()) {
      return Optional.of(new Said(Answer.DECLINE, Optional.empty()));
    }
    return heard.output().map(words -> said(wanted, words, content));
  }

  private static Said said(Wanted wanted, JsonNode words, Optional<JsonNode> before) {
    Answer answer = Answer.valueOf(words.path("action").asString("").toUpperCase(Locale.ROOT));
    if (!new Form(wanted.mode(), wanted.ask()).isFilledInBy(answer)) {
      return new Said(answer, Optional.empty());
    }
    return new Said(answer, words.hasNonNull("content") ? words.optional("content") : before);
  }
}
