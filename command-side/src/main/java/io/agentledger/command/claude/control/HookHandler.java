package io.agentledger.command.claude.control;

import io.agentledger.api.hook.HookPoint;
import io.agentledger.api.session.event.OutputEvent.Verdict;
import io.agentledger.command.claude.policy.Hooks;
import io.agentledger.command.claude.policy.Hooks.HookInvocation;
import io.agentledger.command.claude.policy.Hooks.HookResult;
import io.agentledger.command.claude.policy.ToolCallAuthorizer.Subject;
import io.agentledger.command.claude.process.ProcessContext;
import io.agentledger.command.claude.protocol.ClaudeMessage.HookCallback;
import io.agentledger.command.claude.protocol.ClaudeMessage.PermissionRequest;
import io.agentledger.command.claude.protocol.ClaudeParser;
import io.agentledger.command.claude.record.DerivedIds;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Where a session's hooks are called: they think on threads of their own, and are heard on the
 * attendant's. One thread's own.
 */
public final class HookHandler {
  private static final JsonMapper JSON = new JsonMapper();

  /** Where a point says what it is about, if that is no tool. */
  private static final List<String> SUBJECTS =
      List.of("tool_name", "notification_type", "agent_type", "source", "trigger", "reason");

  private final ProcessContext processContext;
  private final DerivedIds derivedIds;
  private final Hooks hooks;
  private final Consumer<Runnable> executor;
  private final Map<String, String> contexts = new HashMap<>();
  private final Map<String, String> stops = new HashMap<>();

  /**
   * @param executor does something on the attendant's thread
   */
  public HookHandler(
      ProcessContext processContext,
      DerivedIds derivedIds,
      Hooks hooks,
      Consumer<Runnable> executor) {
    this.processContext = processContext;
    this.derivedIds = derivedIds;
    this.hooks = hooks;
    this.executor = executor;
  }

  /** The call is over, whatever was added to it. */
  public void returned(String toolUseId) {
    contexts.remove(toolUseId);
  }

  /**
   * Asks about a call before it is decided.
   *
   * @return false if nobody wants to be asked
   */
  public boolean runHooks(
      Subject subject, PermissionRequest call, String mode, Consumer<HookResult> callback) {
    ObjectNode input = JSON.createObjectNode();
    input.put("session_id", processContext.record().session().value());
    input.put("hook_event_name", HookPoint.PRE_TOOL_USE.wireName());
    input.put("cwd", processContext.paths().view().workspace().toString());
    input.put("permission_mode", mode);
    input.put("tool_name", call.toolName());
    input.set("tool_input", call.input());
    input.put("tool_use_id", call.toolUseId());
    call.agentId().ifPresent(agent -> input.put("agent_id", agent));
    String about = derivedIds.call(call.toolUseId()).value();
    Optional<CompletableFuture<HookResult>> hookResult =
        hooks.call(
            subject, new HookInvocation(HookPoint.PRE_TOOL_USE, call.toolName(), about, input));
    hookResult.ifPresent(
        future ->
            future.thenAccept(
                result ->
                    executor.accept(
                        () -> {
                          if (!result.context().isEmpty()) {
                            contexts.put(call.toolUseId(), result.context());
                          }
                          result.stop().ifPresent(why -> stops.put(call.toolUseId(), why));
                          callback.accept(result);
                        })));
    return hookResult.isPresent();
  }

  /** The CLI is at a point; those who want to hear are called, and then answered for. */
  public void reached(Subject subject, HookCallback at, Consumer<HookResult> callback) {
    Optional<CompletableFuture<HookResult>> hookResult =
        point(at).flatMap(point -> hooks.call(subject, occasion(point, at)));
    if (hookResult.isEmpty()) {
      callback.accept(HookResult.NOTHING);
      return;
    }
    hookResult.get().thenAccept(result -> executor.accept(() -> callback.accept(result)));
  }

  private static Optional<HookPoint> point(HookCallback at) {
    return Arrays.stream(HookPoint.values())
        .filter(point -> point.wireName().equals(at.callback()))
        .findFirst();
  }

  private HookInvocation occasion(HookPoint point, HookCallback at) {
    ObjectNode input =
        at.input().isObject() ? (ObjectNode) at.input().deepCopy() : JSON.createObjectNode();
    input.put("session_id", processContext.record().session().value());
    input.remove(List.of("transcript_path", "agent_transcript_path")); // Of the house, not theirs.
    String subject =
        SUBJECTS.stream()
            .map(field -> ClaudeParser.text(input, field))
            .filter(text -> !text.isEmpty())
            .findFirst()
            .orElse("");
    String about = at.toolUseId().map(id -> derivedIds.call(id).value()).orElse("");
    return new HookInvocation(point, subject, about, input);
  }

  /** What the CLI is told: what was added, and a stop; nothing that could allow anything. */
  public Map<String, Object> answer(HookCallback at, HookResult result) {
    Map<String, Object> answer = new TreeMap<>();
    Optional<String> stop = stop(at, result);
    if (stop.isPresent()) {
      answer.put("continue", false);
      answer.put("stopReason", stop.get());
      return answer;
    }
    result
        .ruling()
        .filter(decision -> decision.is(Verdict.DENIED))
        .ifPresent(
            decision -> {
              answer.put("decision", "block");
              answer.put("reason", decision.rule());
            });
    Map<String, Object> own = new TreeMap<>();
    result.output().ifPresent(output -> own.put("updatedToolOutput", output));
    if (point(at).filter(HookPoint::acceptsContext).isPresent()) {
      String context = context(at, result);
      if (!context.isEmpty()) own.put("additionalContext", context);
    }
    if (!own.isEmpty()) {
      own.put("hookEventName", at.callback());
      answer.put("hookSpecificOutput", own);
    }
    return answer;
  }

  /**
   * A run is ended behind its tools, where the CLI hears of it: what was said at a call counts at
   * the end of the calls that the model made at once.
   */
  private Optional<String> stop(HookCallback at, HookResult result) {
    at.toolUseId().ifPresent(call -> result.stop().ifPresent(why -> stops.put(call, why)));
    List<String> before = new ArrayList<>();
    for (JsonNode call : at.input().path("tool_calls")) {
      Optional.ofNullable(stops.remove(ClaudeParser.text(call, "tool_use_id")))
          .ifPresent(before::add);
    }
    return result.stop().or(() -> before.stream().findFirst());
  }

  /** What was added before the tool ran could not be said then: a permission carries no words. */
  private String context(HookCallback at, HookResult result) {
    String before = at.toolUseId().map(contexts::remove).orElse("");
    return before.isEmpty() || result.context().isEmpty()
        ? before + result.context()
        : before + "\n" + result.context();
  }
}
