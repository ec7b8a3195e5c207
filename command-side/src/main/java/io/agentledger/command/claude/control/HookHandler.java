package io.agentledger.command.claude.control;

import io.agentledger.api.hook.HookPoint;
import io.agentledger.api.session.event.OutputEvent.Verdict;
import io.agentledger.command.claude.policy.Hooks;
import io.agentledger.command.claude.policy.Hooks.HookInvocation;
import io.agentledger.command.claude.policy.Hooks.HookResult;
import io.agentledger.command.claude.policy.LinkErrors;
import io.agentledger.command.claude.policy.ToolCallAuthorizer.Subject;
import io.agentledger.command.claude.process.ProcessContext;
import io.agentledger.command.claude.protocol.ClaudeInput;
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
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Calls the hooks of a session: they run on threads of their own, and their replies are handled on
 * the supervisor's. Confined to one thread.
 */
public final class HookHandler {
  private static final JsonMapper JSON = new JsonMapper();

  /** Where a point says what it is about, if that is no tool. */
  private static final List<String> SUBJECT_FIELDS =
      List.of("tool_name", "notification_type", "agent_type", "source", "trigger", "reason");

  private final ProcessContext processContext;
  private final LinkErrors linkErrors;
  private final DerivedIds derivedIds;
  private final Hooks hooks;
  private final Consumer<Runnable> executor;
  private final Map<String, String> additionalContexts = new HashMap<>();
  private final Map<String, String> stopReasons = new HashMap<>();

  /**
   * @param executor does something on the attendant's thread
   */
  public HookHandler(
      ProcessContext processContext,
      DerivedIds derivedIds,
      Hooks hooks,
      Consumer<Runnable> executor) {
    this.processContext = processContext;
    this.linkErrors = new LinkErrors(processContext.paths());
    this.derivedIds = derivedIds;
    this.hooks = hooks;
    this.executor = executor;
  }

  /** Whether somebody wants to be asked about calls, of whichever tool. */
  public boolean areAskedAboutCalls(Subject subject) {
    return hooks.points(subject).contains(HookPoint.PRE_TOOL_USE);
  }

  /** The call is over, whatever was added to it. */
  public void onCallReturned(String toolUseId) {
    additionalContexts.remove(toolUseId);
  }

  /**
   * Asks about a call before it is decided.
   *
   * @return false if nobody wants to be asked
   */
  public boolean runHooks(
      Subject subject, PermissionRequest call, String mode, Consumer<HookResult> callback) {
    ObjectNode input = JSON.createObjectNode();
    input.put("session_id", processContext.state().session().value());
    input.put("hook_event_name", HookPoint.PRE_TOOL_USE.wireName());
    input.put("cwd", processContext.paths().sandboxPaths().workspace().toString());
    input.put("permission_mode", mode);
    input.put("tool_name", call.toolName());
    input.set("tool_input", call.input());
    input.put("tool_use_id", call.toolUseId());
    call.agentId().ifPresent(agent -> input.put("agent_id", agent));
    String about = derivedIds.toolCallId(call.toolUseId()).value();
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
                            additionalContexts.put(call.toolUseId(), result.context());
                          }
                          result
                              .stopReason()
                              .ifPresent(reason -> stopReasons.put(call.toolUseId(), reason));
                          callback.accept(result);
                        })));
    return hookResult.isPresent();
  }

  /** The CLI is at a point; those who want to hear are called, and then answered for. */
  public void runPointHooks(
      Subject subject, HookCallback hookCallback, Consumer<HookResult> callback) {
    Optional<CompletableFuture<HookResult>> hookResult =
        hookPoint(hookCallback)
            .flatMap(point -> hooks.call(subject, invocation(point, hookCallback)));
    if (hookResult.isEmpty()) {
      callback.accept(HookResult.NONE);
      return;
    }
    hookResult.get().thenAccept(result -> executor.accept(() -> callback.accept(result)));
  }

  private static Optional<HookPoint> hookPoint(HookCallback callback) {
    return Arrays.stream(HookPoint.values())
        .filter(point -> point.wireName().equals(callback.callback()))
        .findFirst();
  }

  private HookInvocation invocation(HookPoint point, HookCallback callback) {
    ObjectNode input =
        callback.input().isObject()
            ? (ObjectNode) callback.input().deepCopy()
            : JSON.createObjectNode();
    input.put("session_id", processContext.state().session().value());
    input
        .optional("prompt")
        .ifPresent(prompt -> input.put("prompt", ClaudeInput.withoutEnd(prompt.asString(""))));
    input.remove(List.of("transcript_path", "agent_transcript_path")); // Of the house, not theirs.
    String subject =
        SUBJECT_FIELDS.stream()
            .map(field -> ClaudeParser.text(input, field))
            .filter(text -> !text.isEmpty())
            .findFirst()
            .orElse("");
    String about = callback.toolUseId().map(id -> derivedIds.toolCallId(id).value()).orElse("");
    return new HookInvocation(point, subject, about, input);
  }

  /** What the CLI is told: what was added, and a stop; nothing that could allow anything. */
  public Map<String, Object> responseFields(HookCallback callback, HookResult result) {
    Map<String, Object> answer = new TreeMap<>();
    Optional<String> stop = stopReason(callback, result);
    if (stop.isPresent()) {
      answer.put("continue", false);
      answer.put("stopReason", stop.get());
      return answer;
    }
    result
        .decision()
        .filter(decision -> decision.hasVerdict(Verdict.DENIED))
        .ifPresent(
            decision -> {
              answer.put("decision", "block");
              answer.put("reason", decision.rule());
            });
    Map<String, Object> specific = new TreeMap<>();
    result.output().ifPresent(output -> specific.put("updatedToolOutput", output));
    if (hookPoint(callback).filter(HookPoint::acceptsContext).isPresent()) {
      String context = additionalContext(callback, result);
      if (!context.isEmpty()) specific.put("additionalContext", context);
    }
    if (!specific.isEmpty()) {
      specific.put("hookEventName", callback.callback());
      answer.put("hookSpecificOutput", specific);
    }
    return answer;
  }

  /**
   * A run is ended behind its tools, where the CLI hears of it: what was said at a call counts at
   * the end of the calls that the model made at once.
   */
  private Optional<String> stopReason(HookCallback callback, HookResult result) {
    callback
        .toolUseId()
        .ifPresent(call -> result.stopReason().ifPresent(reason -> stopReasons.put(call, reason)));
    List<String> before = new ArrayList<>();
    for (JsonNode call : callback.input().path("tool_calls")) {
      Optional.ofNullable(stopReasons.remove(ClaudeParser.text(call, "tool_use_id")))
          .ifPresent(before::add);
    }
    return result.stopReason().or(() -> before.stream().findFirst());
  }

  /** What was added before the tool ran could not be said then: a permission carries no words. */
  private String additionalContext(HookCallback callback, HookResult result) {
    String before = callback.toolUseId().map(additionalContexts::remove).orElse("");
    return Stream.concat(Stream.of(before, result.context()), explainLinks(callback))
        .filter(text -> !text.isEmpty())
        .collect(Collectors.joining("\n"));
  }

  /** Reads the CLI's errors about links from a batch of tool calls. */
  private Stream<String> explainLinks(HookCallback callback) {
    return callback
        .input()
        .path("tool_calls")
        .valueStream()
        .flatMap(
            call ->
                linkErrors
                    .explain(
                        ClaudeParser.text(call, "tool_name"),
                        call.path("tool_input"),
                        call.path("tool_response"))
                    .stream());
  }
}
