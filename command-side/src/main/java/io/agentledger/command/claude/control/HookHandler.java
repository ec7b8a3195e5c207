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
import io.agentledger.store.support.UntrustedJson;
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
 * Calls the hooks of a session on other threads and handles their results on the supervisor's
 * thread. Confined to one thread.
 */
public final class HookHandler {
  private static final JsonMapper JSON = UntrustedJson.MAPPER;

  /** Fields of the input that can contain the subject of a hook point that is not about a tool. */
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
   * @param executor runs tasks on the supervisor's thread
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

  /** Returns whether any hook is called before tool calls. */
  public boolean areAskedAboutCalls(Subject subject) {
    return hooks.points(subject).contains(HookPoint.PRE_TOOL_USE);
  }

  /** Removes the context of a tool call that has returned. */
  public void onCallReturned(String toolUseId) {
    additionalContexts.remove(toolUseId);
  }

  /**
   * Calls the hooks for a tool call before it is decided.
   *
   * @return false if no hook matches
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

  /** Calls the hooks for a hook point of the CLI, and then the callback with their result. */
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
    input.remove(
        List.of("transcript_path", "agent_transcript_path")); // Paths of the service's own files.
    String subject =
        SUBJECT_FIELDS.stream()
            .map(field -> ClaudeParser.text(input, field))
            .filter(text -> !text.isEmpty())
            .findFirst()
            .orElse("");
    String about = callback.toolUseId().map(id -> derivedIds.toolCallId(id).value()).orElse("");
    String occurrence =
        callback.requestId().isEmpty() ? "" : processContext.id() + "/" + callback.requestId();
    return new HookInvocation(point, subject, about, occurrence, input, output -> Optional.empty());
  }

  /**
   * Returns the fields of the response to the CLI: added context, a block or a stop. No field can
   * allow a call.
   */
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
   * Returns the reason to stop the run. The CLI accepts a stop only after tools have run, so a stop
   * that was requested before a call takes effect after the batch of calls that contains it.
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

  /**
   * Returns the context for the model. It includes the context that hooks added before the tool
   * ran, because a permission response cannot contain it.
   */
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
