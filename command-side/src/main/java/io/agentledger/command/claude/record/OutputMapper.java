package io.agentledger.command.claude.record;

import io.agentledger.api.session.MessageId;
import io.agentledger.api.session.PermissionMode;
import io.agentledger.api.session.SourcePosition;
import io.agentledger.api.session.ThreadId;
import io.agentledger.api.session.ToolCallId;
import io.agentledger.api.session.command.Output;
import io.agentledger.api.session.event.OutputEvent.CallStatus;
import io.agentledger.api.session.event.OutputEvent.McpServerState;
import io.agentledger.api.session.event.OutputEvent.MessageOrigin;
import io.agentledger.api.session.event.OutputEvent.Role;
import io.agentledger.api.session.event.OutputEvent.TaskStatus;
import io.agentledger.api.session.event.OutputEvent.Verdict;
import io.agentledger.api.shared.Json;
import io.agentledger.command.claude.policy.LinkErrors;
import io.agentledger.command.claude.policy.ToolCallAuthorizer;
import io.agentledger.command.claude.process.JournalTailer;
import io.agentledger.command.claude.process.ProcessContext;
import io.agentledger.command.claude.protocol.ClaudeMessage;
import io.agentledger.command.claude.protocol.ClaudeParser;
import io.agentledger.command.claude.state.RunState;
import io.agentledger.command.claude.state.SessionState;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** Turns what one process says into what is recorded of it. One thread's own. */
public final class OutputMapper {
  private final SessionState state;
  private final LinkErrors linkErrors;
  private final DerivedIds derivedIds;
  private final TodoList todos;
  private final Map<MessageId, Integer> blocks = new HashMap<>();
  private final Map<String, Use> uses = new HashMap<>();
  private final Map<String, Optional<String>> agents = new HashMap<>();

  /** Of the run in progress: which message a line is of, by its uuid. */
  private final Map<String, MessageId> lines = new HashMap<>();

  /** A tool call as the model's message holds it. */
  private record Use(String name, JsonNode input, ThreadId thread) {}

  public OutputMapper(ProcessContext processContext, DerivedIds derivedIds) {
    this.state = processContext.state();
    this.linkErrors = new LinkErrors(processContext.paths());
    this.derivedIds = derivedIds;
    this.todos = new TodoList(state.todos());
  }

  /** What it names things by. */
  public DerivedIds derivedIds() {
    return derivedIds;
  }

  /** What is recorded of one line; empty for most. */
  public List<Output.Entry> map(JournalTailer.Entry entry, PermissionMode mode) {
    List<Output.Entry> entries = new ArrayList<>();
    OutputCollector outputCollector = new OutputCollector(entry.endOffset(), entries);
    switch (entry.message()) {
      case ClaudeMessage.Initialized init -> {
        lines.clear();
        outputCollector.add(derivedIds.mainThread(), mapInitialized(init, mode));
      }
      case ClaudeMessage.AssistantMessage assistantMessage ->
          mapAssistant(assistantMessage, outputCollector);
      case ClaudeMessage.UserMessage userMessage -> mapUser(userMessage, outputCollector);
      case ClaudeMessage.ToolResults toolResults ->
          toolResults
              .results()
              .forEach(result -> mapToolResult(toolResults, result, outputCollector));
      case ClaudeMessage.ApiRetry retry ->
          outputCollector.add(
              derivedIds.mainThread(),
              new Output.Retry(
                  retry.attempt(),
                  retry.attemptMax(),
                  retry.delay(),
                  retry.httpStatus().orElse(0),
                  retry.error()));
      case ClaudeMessage.TaskStarted taskStarted -> mapTaskStarted(taskStarted, outputCollector);
      case ClaudeMessage.TaskNotified taskNotified ->
          mapTaskFinished(taskNotified, outputCollector);
      case ClaudeMessage.CompactBoundary compactBoundary ->
          outputCollector.add(
              derivedIds.mainThread(),
              new Output.Compaction(
                  compactBoundary.trigger(), compactBoundary.tokensBefore().orElse(0)));
      case ClaudeMessage.ModelRefused modelRefused ->
          outputCollector.add(derivedIds.mainThread(), mapModelRefused(modelRefused));
      default -> {}
    }
    return entries;
  }

  /** The reads of one line, all with its end. */
  public record OutputCollector(
      SourcePosition.Source source, long endOffset, List<Output.Entry> entries) {
    public OutputCollector(long endOffset, List<Output.Entry> reads) {
      this(SourcePosition.Source.JOURNAL, endOffset, reads);
    }

    /** Of what no line says: it was found out here. */
    public static OutputCollector forRunner(List<Output.Entry> entries) {
      return new OutputCollector(SourcePosition.Source.RUNNER, 0, entries);
    }

    public void add(ThreadId thread, Output output) {
      entries.add(new Output.Entry(source, endOffset, thread, output));
    }
  }

  private static Output mapInitialized(ClaudeMessage.Initialized init, PermissionMode mode) {
    return new Output.Initialized(
        init.model(),
        init.tools(),
        init.mcpServers().stream()
            .map(server -> new McpServerState(server.name(), server.status()))
            .toList(),
        init.commands(),
        mode,
        init.cliVersion());
  }

  private void mapAssistant(
      ClaudeMessage.AssistantMessage assistantMessage, OutputCollector outputCollector) {
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
    for (JsonNode block : assistantMessage.blocks()) {
      int index = blocks.merge(message, state.blocks(message) + 1, (known, first) -> known + 1);
      String type = ClaudeParser.text(block, "type");
      outputCollector.add(
          thread,
          new Output.Message(
              message,
              index - 1,
              Role.ASSISTANT,
              MessageOrigin.MODEL,
              type,
              new Json(block.toString())));
      if (type.equals("tool_use")) {
        uses.put(
            ClaudeParser.text(block, "id"),
            new Use(ClaudeParser.text(block, "name"), block.path("input"), thread));
      }
    }
  }

  private Output mapModelRefused(ClaudeMessage.ModelRefused modelRefused) {
    return new Output.Refusal(
        modelRefused.model(),
        modelRefused.fallback().orElse(""),
        modelRefused.category().orElse(""),
        modelRefused.explanation().orElse(""),
        modelRefused.retracted().stream()
            .map(lines::get)
            .filter(Objects::nonNull)
            .distinct()
            .toList());
  }

  /** What the CLI says in the user's name; our prompts' echoes and subagents' prompts are known. */
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

  /** Adds what one line of the CLI's own contains, named by the line. */
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
          thread,
          new Output.Message(
              message,
              index++,
              role,
              MessageOrigin.CLI,
              ClaudeParser.text(block, "type"),
              new Json(block.toString())));
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
      // The CLI refused it by itself: bad input, or one of the deny rules it was launched with.
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
        thread, new Output.Return(call, callStatus, new Json(resultText(result.content()))));
    if (use != null) {
      todos
          .apply(use.name(), use.input(), toolResults.detail())
          .ifPresent(list -> outputCollector.add(thread, new Output.Todos(list)));
    }
  }

  /** Refusal by the CLI itself, with the real path if a link was the reason. */
  private ToolCallAuthorizer.PermissionDecision refusal(Use use, JsonNode result) {
    Optional<String> real = linkErrors.findRealPath(use.name(), use.input(), result);
    return new ToolCallAuthorizer.PermissionDecision(
        Verdict.REFUSED,
        "refused by the CLI"
            + real.map(path -> ": it follows no links; the path to name is " + path).orElse(""),
        Duration.ZERO,
        real);
  }

  private static String resultText(JsonNode content) {
    return content.isMissingNode() ? "null" : content.toString();
  }

  private Output toolCall(
      String toolUseId, Use use, ToolCallAuthorizer.PermissionDecision decision) {
    return new Output.Call(
        derivedIds.toolCallId(toolUseId),
        toolUseId,
        use.name(),
        sha256(use.input()),
        decision.verdict(),
        decision.rule(),
        new Json(use.input().toString()),
        decision.resolvedPath().orElse(""));
  }

  /** A call that waits for its permission, as it is recorded before it gets one. */
  public Output toolCall(
      ClaudeMessage.PermissionRequest request, ToolCallAuthorizer.PermissionDecision decision) {
    Use use = new Use(request.toolName(), request.input(), threadOf(request));
    return toolCall(request.toolUseId(), use, decision);
  }

  /** The lane that a call was made on: its message says it, or the subagent that makes it. */
  public ThreadId threadOf(ClaudeMessage.PermissionRequest request) {
    Use use = uses.get(request.toolUseId());
    return use != null
        ? use.thread()
        : derivedIds.threadId(
            request.agentId().flatMap(agent -> agents.getOrDefault(agent, Optional.empty())));
  }

  private void mapTaskStarted(
      ClaudeMessage.TaskStarted taskStarted, OutputCollector outputCollector) {
    if (taskStarted.toolUseId().isEmpty()) {
      return; // Nobody here called for it.
    }
    Use use = uses.get(taskStarted.toolUseId().get());
    outputCollector.add(
        use == null ? derivedIds.mainThread() : use.thread(),
        new Output.TaskStart(
            taskStarted.taskId(),
            taskStarted.kind(),
            derivedIds.toolCallId(taskStarted.toolUseId().get()),
            taskStarted.description()));
    if (!taskStarted.kind().equals("local_agent")) {
      return; // A command in the background: what it ends with may cause a run.
    }
    agents.put(taskStarted.taskId(), taskStarted.toolUseId());
    outputCollector.add(
        derivedIds.threadId(taskStarted.toolUseId()),
        new Output.SubagentStart(
            use == null ? derivedIds.mainThread() : use.thread(),
            derivedIds.toolCallId(taskStarted.toolUseId().get()),
            taskStarted.agentType().orElse("agent"),
            taskStarted.prompt()));
  }

  private void mapTaskFinished(
      ClaudeMessage.TaskNotified taskNotified, OutputCollector outputCollector) {
    outputCollector.add(
        derivedIds.mainThread(),
        new Output.TaskFinish(
            taskNotified.taskId(), taskEnd(taskNotified.status()), taskNotified.summary()));
    if (agents.remove(taskNotified.taskId()) == null) {
      return;
    }
    CallStatus callStatus =
        switch (taskNotified.status()) {
          case "completed" -> CallStatus.RETURNED;
          case "failed" -> CallStatus.FAILED;
          default -> CallStatus.UNKNOWN;
        };
    outputCollector.add(
        derivedIds.threadId(taskNotified.toolUseId()), new Output.SubagentFinish(callStatus));
  }

  private static TaskStatus taskEnd(String status) {
    return switch (status) {
      case "completed" -> TaskStatus.COMPLETED;
      case "stopped", "killed" -> TaskStatus.STOPPED;
      default -> TaskStatus.FAILED;
    };
  }

  /** SHA-256 of the exact input, hex. */
  public static String sha256(JsonNode input) {
    try {
      byte[] bytes = input.toString().getBytes(StandardCharsets.UTF_8);
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /** An object to put into answers. */
  public static JsonNode withAnswers(JsonNode input, JsonNode answers) {
    var object = JsonNodeFactory.instance.objectNode();
    input.properties().forEach(field -> object.set(field.getKey(), field.getValue()));
    return object.set("answers", answers);
  }
}
