package io.agentledger.command.claude.record;

import io.agentledger.api.model.Usage;
import io.agentledger.api.session.MessageId;
import io.agentledger.api.session.PermissionMode;
import io.agentledger.api.session.ThreadId;
import io.agentledger.api.session.ToolCallId;
import io.agentledger.api.session.event.OutputEvent.CallStatus;
import io.agentledger.api.session.event.OutputEvent.ContextCompacted;
import io.agentledger.api.session.event.OutputEvent.MessageOrigin;
import io.agentledger.api.session.event.OutputEvent.MessageReceived;
import io.agentledger.api.session.event.OutputEvent.Role;
import io.agentledger.api.session.event.OutputEvent.RunInitialized;
import io.agentledger.api.session.event.OutputEvent.SubagentFinished;
import io.agentledger.api.session.event.OutputEvent.SubagentStarted;
import io.agentledger.api.session.event.OutputEvent.TaskEnded;
import io.agentledger.api.session.event.OutputEvent.TaskStarted;
import io.agentledger.api.session.event.OutputEvent.TaskStatus;
import io.agentledger.api.session.event.OutputEvent.TodoUpdated;
import io.agentledger.api.session.event.OutputEvent.ToolCalled;
import io.agentledger.api.session.event.OutputEvent.Verdict;
import io.agentledger.api.session.event.TurnEvent.ModelRefused;
import io.agentledger.api.session.event.TurnEvent.TurnRetried;
import io.agentledger.api.shared.Json;
import io.agentledger.command.claude.policy.LinkErrors;
import io.agentledger.command.claude.policy.ToolCallAuthorizer;
import io.agentledger.command.claude.process.JournalTailer;
import io.agentledger.command.claude.process.ProcessContext;
import io.agentledger.command.claude.protocol.ClaudeMessage;
import io.agentledger.command.claude.protocol.ClaudeParser;
import io.agentledger.command.claude.state.EventFactory;
import io.agentledger.command.claude.state.RunState;
import io.agentledger.command.claude.state.SessionState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** Maps the output of one process to events. Confined to one thread. */
public final class OutputMapper {
  private final SessionState state;
  private final LinkErrors linkErrors;
  private final DerivedIds derivedIds;
  private final TodoList todos;
  private final Map<MessageId, Integer> blocks = new HashMap<>();
  private final Map<String, Use> uses = new HashMap<>();
  private final Map<String, ClaudeMessage.TaskStarted> agents = new HashMap<>();

  /** Message ids of the run in progress by the uuid of the line. */
  private final Map<String, MessageId> lines = new HashMap<>();

  /** Tool call in a message of the model. */
  private record Use(String name, JsonNode input, ThreadId thread) {}

  public OutputMapper(ProcessContext processContext, DerivedIds derivedIds) {
    this.state = processContext.state();
    this.linkErrors = new LinkErrors(processContext.paths());
    this.derivedIds = derivedIds;
    this.todos = new TodoList(state.todos());
  }

  /** Returns the derivation of ids. */
  public DerivedIds derivedIds() {
    return derivedIds;
  }

  /** Returns the events of one line; empty for most lines. */
  public List<UnrecordedEvent> map(JournalTailer.Entry entry, PermissionMode mode) {
    List<UnrecordedEvent> events = new ArrayList<>();
    OutputCollector outputCollector = new OutputCollector(entry.endOffset(), events);
    switch (entry.message()) {
      case ClaudeMessage.Initialized init -> {
        lines.clear();
        outputCollector.add(derivedIds.mainThread(), mapInitialized(init, mode));
      }
      case ClaudeMessage.AssistantMessage assistantMessage ->
          mapAssistant(assistantMessage, entry.usage(), outputCollector);
      case ClaudeMessage.UserMessage userMessage -> mapUser(userMessage, outputCollector);
      case ClaudeMessage.ToolResults toolResults ->
          toolResults
              .results()
              .forEach(result -> mapToolResult(toolResults, result, outputCollector));
      case ClaudeMessage.ApiRetry retry ->
          outputCollector.add(
              derivedIds.mainThread(),
              (sealer, run, thread, position) ->
                  new TurnRetried(
                      sealer.session(),
                      run,
                      thread,
                      position,
                      retry.attempt(),
                      retry.attemptMax(),
                      retry.delay(),
                      retry.httpStatus().orElse(0),
                      retry.error()));
      case ClaudeMessage.TaskStarted taskStarted -> mapTaskStarted(taskStarted, outputCollector);
      case ClaudeMessage.TaskNotified taskNotified ->
          mapTaskFinished(taskNotified, outputCollector);
      case ClaudeMessage.CompactBoundary(String trigger, OptionalLong tokens) ->
          outputCollector.add(
              derivedIds.mainThread(),
              (sealer, run, thread, position) ->
                  new ContextCompacted(
                      sealer.session(), run, thread, position, trigger, tokens.orElse(0)));
      case ClaudeMessage.ModelRefused modelRefused ->
          outputCollector.add(derivedIds.mainThread(), mapModelRefused(modelRefused));
      default -> {}
    }
    return events;
  }

  private static EventFactory mapInitialized(ClaudeMessage.Initialized init, PermissionMode mode) {
    return (sealer, run, thread, position) ->
        new RunInitialized(
            sealer.session(),
            run,
            thread,
            position,
            init.model(),
            init.tools(),
            init.mcpServers(),
            init.commands(),
            init.skills(),
            init.agents(),
            init.plugins().stream().map(ClaudeMessage.Plugin::name).toList(),
            mode,
            init.cliVersion());
  }

  private static EventFactory mapBlock(
      MessageId message, int index, Role role, MessageOrigin origin, JsonNode block, Usage usage) {
    String type = ClaudeParser.text(block, "type");
    return (sealer, run, thread, position) -> {
      var sealed = sealer.text(MessageReceived.class, "block", block.toString());
      return new MessageReceived(
          sealer.session(),
          run,
          thread,
          position,
          message,
          index,
          role,
          origin,
          type,
          sealed,
          usage);
    };
  }

  private void mapAssistant(
      ClaudeMessage.AssistantMessage assistantMessage,
      Usage usage,
      OutputCollector outputCollector) {
    ThreadId thread = derivedIds.threadId(assistantMessage.parentToolUseId());
    if (assistantMessage.isFromCli()) {
      // A compaction repeats the line with its uuid and another message id.
      addCliMessage(
          thread,
          assistantMessage.uuid(),
          Role.ASSISTANT,
          assistantMessage.blocks(),
          outputCollector);
      return;
    }
    MessageId message = derivedIds.messageId(assistantMessage.messageId());
    lines.put(assistantMessage.uuid(), message);
    List<JsonNode> content = assistantMessage.blocks();
    for (JsonNode block : content) {
      Usage counted = block == content.getLast() ? usage : Usage.ZERO;
      int index = blocks.merge(message, state.blocks(message) + 1, (known, first) -> known + 1);
      outputCollector.add(
          thread,
          mapBlock(message, index - 1, Role.ASSISTANT, MessageOrigin.MODEL, block, counted));
      if (ClaudeParser.text(block, "type").equals("tool_use")) {
        uses.put(
            ClaudeParser.text(block, "id"),
            new Use(ClaudeParser.text(block, "name"), block.path("input"), thread));
      }
    }
  }

  private EventFactory mapModelRefused(ClaudeMessage.ModelRefused modelRefused) {
    List<MessageId> retracted =
        modelRefused.retracted().stream()
            .map(lines::get)
            .filter(Objects::nonNull)
            .distinct()
            .toList();
    return (sealer, run, thread, position) ->
        new ModelRefused(
            sealer.session(),
            run,
            thread,
            position,
            modelRefused.model(),
            modelRefused.fallback().orElse(""),
            modelRefused.category().orElse(""),
            sealer.text(ModelRefused.class, "explanation", modelRefused.explanation().orElse("")),
            retracted);
  }

  /**
   * Maps user messages of the CLI, except echoes of the service's prompts and subagents' prompts.
   */
  private void mapUser(ClaudeMessage.UserMessage userMessage, OutputCollector outputCollector) {
    if (userMessage.isReplay()
        || userMessage.parentToolUseId().isPresent()
        || !userMessage.content().isArray()) {
      return;
    }
    addCliMessage(
        derivedIds.mainThread(),
        userMessage.uuid(),
        Role.USER,
        userMessage.content(),
        outputCollector);
  }

  /** Adds the content of a line that the CLI generated itself; its id is derived from the line. */
  private void addCliMessage(
      ThreadId thread,
      String uuid,
      Role role,
      Iterable<JsonNode> content,
      OutputCollector outputCollector) {
    MessageId message = derivedIds.messageId(uuid);
    lines.put(uuid, message);
    int index = 0;
    for (JsonNode block : content) {
      outputCollector.add(
          thread, mapBlock(message, index++, role, MessageOrigin.CLI, block, Usage.ZERO));
    }
  }

  private void mapToolResult(
      ClaudeMessage.ToolResults toolResults,
      ClaudeMessage.ToolResult result,
      OutputCollector outputCollector) {
    ToolCallId call = derivedIds.toolCallId(result.toolUseId());
    ThreadId thread = derivedIds.threadId(toolResults.parentToolUseId());
    Use use = uses.remove(result.toolUseId());
    Optional<RunState.ToolCall> known = state.call(call);
    if (known.isEmpty() && use != null) {
      // The CLI refused it: invalid input, or one of the deny rules that it was started with.
      outputCollector.add(
          thread, toolCall(result.toolUseId(), use, refusal(use, result.content())));
    }
    CallStatus callStatus =
        !result.isError()
            ? CallStatus.RETURNED
            : known.filter(RunState.ToolCall::isDenied).isPresent()
                ? CallStatus.DENIED
                : CallStatus.FAILED;
    outputCollector.add(
        thread, EventFactory.toolReturned(call, callStatus, resultText(result.content())));
    if (use != null) {
      todos
          .apply(use.name(), use.input(), toolResults.detail())
          .ifPresent(list -> outputCollector.add(thread, mapTodos(list)));
    }
  }

  private static EventFactory mapTodos(Json list) {
    return (sealer, run, thread, position) ->
        new TodoUpdated(
            sealer.session(), run, thread, position, sealer.json(TodoUpdated.class, "todos", list));
  }

  /** Returns the decision for a call that the CLI refused, with the real path for a link. */
  private ToolCallAuthorizer.PermissionDecision refusal(Use use, JsonNode result) {
    Optional<String> real = linkErrors.findRealPath(use.name(), use.input(), result);
    return new ToolCallAuthorizer.PermissionDecision(
        Verdict.REFUSED,
        "refused by the CLI"
            + real.map(path -> ": it follows no links; use the path " + path).orElse(""),
        Duration.ZERO,
        real);
  }

  private static String resultText(JsonNode content) {
    return content.isMissingNode() ? "null" : content.toString();
  }

  private EventFactory toolCall(
      String toolUseId, Use use, ToolCallAuthorizer.PermissionDecision decision) {
    return (sealer, run, thread, position) ->
        new ToolCalled(
            sealer.session(),
            run,
            thread,
            position,
            derivedIds.toolCallId(toolUseId),
            toolUseId,
            use.name(),
            InputDigest.of(use.input()),
            decision.verdict(),
            decision.rule(),
            sealer.text(ToolCalled.class, "input", use.input().toString()),
            sealer.text(ToolCalled.class, "resolvedPath", decision.resolvedPath().orElse("")));
  }

  /** Returns the event of a call that waits for its permission, to record before it is answered. */
  public EventFactory toolCall(
      ClaudeMessage.PermissionRequest request, ToolCallAuthorizer.PermissionDecision decision) {
    Use use = new Use(request.toolName(), request.input(), threadOf(request));
    return toolCall(request.toolUseId(), use, decision);
  }

  /** Returns the thread of a call, from its message or from the subagent that makes it. */
  public ThreadId threadOf(ClaudeMessage.PermissionRequest request) {
    Use use = uses.get(request.toolUseId());
    var subagent = request.agentId().map(agents::get); // Empty if it is not known here.
    return use != null
        ? use.thread()
        : derivedIds.threadId(subagent.flatMap(ClaudeMessage.TaskStarted::toolUseId));
  }

  /** Returns the type of a subagent in progress; empty if this process has not reported it. */
  public Optional<String> subagentType(String agentId) {
    return Optional.ofNullable(agents.get(agentId)).flatMap(ClaudeMessage.TaskStarted::agentType);
  }

  private void mapTaskStarted(
      ClaudeMessage.TaskStarted taskStarted, OutputCollector outputCollector) {
    if (taskStarted.toolUseId().isEmpty()) {
      return; // The call is not known here.
    }
    Use use = uses.get(taskStarted.toolUseId().get());
    ThreadId parent = use == null ? derivedIds.mainThread() : use.thread();
    ToolCallId call = derivedIds.toolCallId(taskStarted.toolUseId().get());
    String task = taskStarted.taskId();
    String kind = taskStarted.kind();
    outputCollector.add(
        parent,
        (sealer, run, thread, position) -> {
          var sealed = sealer.text(TaskStarted.class, "description", taskStarted.description());
          return new TaskStarted(sealer.session(), run, thread, position, task, kind, call, sealed);
        });
    if (!kind.equals("local_agent")) {
      return; // A background command: its end may cause a run.
    }
    agents.put(task, taskStarted);
    String agent = taskStarted.agentType().orElse("agent");
    outputCollector.add(
        derivedIds.threadId(taskStarted.toolUseId()),
        (sealer, run, thread, position) -> {
          var sealed = sealer.text(SubagentStarted.class, "prompt", taskStarted.prompt());
          return new SubagentStarted(
              sealer.session(), run, thread, position, parent, call, agent, sealed);
        });
  }

  private void mapTaskFinished(
      ClaudeMessage.TaskNotified taskNotified, OutputCollector outputCollector) {
    String task = taskNotified.taskId();
    TaskStatus status = taskEnd(taskNotified.status());
    outputCollector.add(
        derivedIds.mainThread(),
        (sealer, run, thread, position) -> {
          var sealed = sealer.text(TaskEnded.class, "summary", taskNotified.summary());
          return new TaskEnded(sealer.session(), run, thread, position, task, status, sealed);
        });
    if (agents.remove(task) == null) {
      return;
    }
    CallStatus callStatus =
        switch (taskNotified.status()) {
          case "completed" -> CallStatus.RETURNED;
          case "failed" -> CallStatus.FAILED;
          default -> CallStatus.UNKNOWN;
        };
    outputCollector.add(
        derivedIds.threadId(taskNotified.toolUseId()),
        (sealer, run, thread, position) ->
            new SubagentFinished(sealer.session(), run, thread, position, callStatus));
  }

  private static TaskStatus taskEnd(String status) {
    return switch (status) {
      case "completed" -> TaskStatus.COMPLETED;
      case "stopped", "killed" -> TaskStatus.STOPPED;
      default -> TaskStatus.FAILED;
    };
  }

  /** Returns a copy of the input with the answers. */
  public static JsonNode withAnswers(JsonNode input, JsonNode answers) {
    var object = JsonNodeFactory.instance.objectNode();
    input.properties().forEach(field -> object.set(field.getKey(), field.getValue()));
    return object.set("answers", answers);
  }
}
