package io.agentledger.command.claude.record;

import io.agentledger.api.session.MessageId;
import io.agentledger.api.session.PermissionMode;
import io.agentledger.api.session.SourcePosition;
import io.agentledger.api.session.ThreadId;
import io.agentledger.api.session.ToolCallId;
import io.agentledger.api.session.command.Output;
import io.agentledger.api.session.event.OutputEvent.McpServerState;
import io.agentledger.api.session.event.OutputEvent.Outcome;
import io.agentledger.api.session.event.OutputEvent.Role;
import io.agentledger.api.session.event.OutputEvent.TaskEnd;
import io.agentledger.api.session.event.OutputEvent.Verdict;
import io.agentledger.api.shared.Json;
import io.agentledger.command.claude.policy.ToolCallAuthorizer;
import io.agentledger.command.claude.process.JournalTailer;
import io.agentledger.command.claude.protocol.ClaudeMessage;
import io.agentledger.command.claude.protocol.ClaudeParser;
import io.agentledger.command.claude.state.RunState;
import io.agentledger.command.claude.state.SessionState;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
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
  private final SessionState record;
  private final DerivedIds names;
  private final TodoList todos;
  private final Map<MessageId, Integer> blocks = new HashMap<>();
  private final Map<String, Use> uses = new HashMap<>();
  private final Map<String, Optional<String>> agents = new HashMap<>();

  /** Of the run in progress: which message a line is of, by its uuid. */
  private final Map<String, MessageId> lines = new HashMap<>();

  /** A tool call as the model's message holds it. */
  private record Use(String name, JsonNode input, ThreadId thread) {}

  public OutputMapper(SessionState record, DerivedIds names) {
    this.record = record;
    this.names = names;
    this.todos = new TodoList(record.todos());
  }

  /** What it names things by. */
  public DerivedIds names() {
    return names;
  }

  /** What is recorded of one line; empty for most. */
  public List<Output.Entry> outputs(JournalTailer.Entry entry, PermissionMode mode) {
    List<Output.Entry> reads = new ArrayList<>();
    OutputCollector line = new OutputCollector(entry.end(), reads);
    switch (entry.message()) {
      case ClaudeMessage.Initialized it -> {
        lines.clear();
        line.add(names.own(), initialized(it, mode));
      }
      case ClaudeMessage.AssistantMessage it -> said(it, line);
      case ClaudeMessage.UserMessage it -> heard(it, line);
      case ClaudeMessage.ToolResults it -> it.results().forEach(one -> back(it, one, line));
      case ClaudeMessage.ApiRetry it ->
          line.add(
              names.own(),
              new Output.Retry(
                  it.attempt(),
                  it.attemptMax(),
                  it.delay(),
                  it.httpStatus().orElse(0),
                  it.error()));
      case ClaudeMessage.TaskStarted it -> began(it, line);
      case ClaudeMessage.TaskNotified it -> finished(it, line);
      case ClaudeMessage.CompactBoundary it ->
          line.add(names.own(), new Output.Compaction(it.trigger(), it.tokensBefore().orElse(0)));
      case ClaudeMessage.ModelRefused it -> line.add(names.own(), refused(it));
      default -> {}
    }
    return reads;
  }

  /** The reads of one line, all with its end. */
  public record OutputCollector(SourcePosition.Source source, long end, List<Output.Entry> reads) {
    public OutputCollector(long end, List<Output.Entry> reads) {
      this(SourcePosition.Source.JOURNAL, end, reads);
    }

    /** Of what no line says: it was found out here. */
    public static OutputCollector ofRunner(List<Output.Entry> reads) {
      return new OutputCollector(SourcePosition.Source.RUNNER, 0, reads);
    }

    public void add(ThreadId thread, Output output) {
      reads.add(new Output.Entry(source, end, thread, output));
    }
  }

  private static Output initialized(ClaudeMessage.Initialized it, PermissionMode mode) {
    return new Output.Initialized(
        it.model(),
        it.tools(),
        it.mcpServers().stream()
            .map(server -> new McpServerState(server.name(), server.status()))
            .toList(),
        it.commands(),
        mode,
        it.cliVersion());
  }

  private void said(ClaudeMessage.AssistantMessage it, OutputCollector line) {
    ThreadId thread = names.thread(it.parentToolUseId());
    MessageId message = names.message(it.messageId());
    lines.put(it.uuid(), message);
    for (JsonNode block : it.blocks()) {
      int index = blocks.merge(message, record.blocks(message) + 1, (known, first) -> known + 1);
      String type = ClaudeParser.text(block, "type");
      line.add(
          thread,
          new Output.Message(message, index - 1, Role.ASSISTANT, type, new Json(block.toString())));
      if (type.equals("tool_use")) {
        uses.put(
            ClaudeParser.text(block, "id"),
            new Use(ClaudeParser.text(block, "name"), block.path("input"), thread));
      }
    }
  }

  private Output refused(ClaudeMessage.ModelRefused it) {
    return new Output.Refusal(
        it.model(),
        it.fallback().orElse(""),
        it.category().orElse(""),
        it.explanation().orElse(""),
        it.retracted().stream().map(lines::get).filter(Objects::nonNull).distinct().toList());
  }

  /** What the CLI says in the user's name; our prompts' echoes and subagents' prompts are known. */
  private void heard(ClaudeMessage.UserMessage it, OutputCollector line) {
    if (it.isReplay() || it.parentToolUseId().isPresent() || !it.content().isArray()) {
      return;
    }
    MessageId message = names.message(it.uuid());
    int index = 0;
    for (JsonNode block : it.content()) {
      line.add(
          names.own(),
          new Output.Message(
              message,
              index++,
              Role.USER,
              ClaudeParser.text(block, "type"),
              new Json(block.toString())));
    }
  }

  private void back(
      ClaudeMessage.ToolResults it, ClaudeMessage.ToolResult result, OutputCollector line) {
    ToolCallId call = names.call(result.toolUseId());
    ThreadId thread = names.thread(it.parentToolUseId());
    Use use = uses.remove(result.toolUseId());
    Optional<RunState.ToolCall> known = record.call(call);
    if (known.isEmpty() && use != null) {
      // The CLI refused it by itself: bad input, or one of the deny rules it was launched with.
      line.add(thread, call(result.toolUseId(), use, Verdict.REFUSED, "refused by the CLI"));
    }
    Verdict verdict = known.map(RunState.ToolCall::verdict).orElse(Verdict.REFUSED);
    Outcome outcome =
        !result.isError()
            ? Outcome.RETURNED
            : verdict == Verdict.DENIED ? Outcome.DENIED : Outcome.FAILED;
    line.add(thread, new Output.Return(call, outcome, new Json(text(result.content()))));
    if (use != null) {
      todos
          .after(use.name(), use.input(), it.detail())
          .ifPresent(list -> line.add(thread, new Output.Todos(list)));
    }
  }

  private static String text(JsonNode content) {
    return content.isMissingNode() ? "null" : content.toString();
  }

  private Output call(String toolUseId, Use use, Verdict verdict, String rule) {
    return new Output.Call(
        names.call(toolUseId),
        toolUseId,
        use.name(),
        digest(use.input()),
        verdict,
        rule,
        new Json(use.input().toString()));
  }

  /** A call that waits for its permission, as it is recorded before it gets one. */
  public Output call(
      ClaudeMessage.PermissionRequest asked, ToolCallAuthorizer.PermissionDecision ruling) {
    Use use = new Use(asked.toolName(), asked.input(), thread(asked));
    return call(asked.toolUseId(), use, ruling.verdict(), ruling.rule());
  }

  /** The lane that a call was made on: its message says it, or the subagent that makes it. */
  public ThreadId thread(ClaudeMessage.PermissionRequest asked) {
    Use use = uses.get(asked.toolUseId());
    return use != null
        ? use.thread()
        : names.thread(
            asked.agentId().flatMap(agent -> agents.getOrDefault(agent, Optional.empty())));
  }

  private void began(ClaudeMessage.TaskStarted it, OutputCollector line) {
    if (it.toolUseId().isEmpty()) {
      return; // Nobody here called for it.
    }
    Use use = uses.get(it.toolUseId().get());
    line.add(
        use == null ? names.own() : use.thread(),
        new Output.TaskStart(
            it.taskId(), it.kind(), names.call(it.toolUseId().get()), it.description()));
    if (!it.kind().equals("local_agent")) {
      return; // A command in the background: what it ends with may cause a run.
    }
    agents.put(it.taskId(), it.toolUseId());
    line.add(
        names.thread(it.toolUseId()),
        new Output.SubagentStart(
            use == null ? names.own() : use.thread(),
            names.call(it.toolUseId().get()),
            it.agentType().orElse("agent"),
            it.prompt()));
  }

  private void finished(ClaudeMessage.TaskNotified it, OutputCollector line) {
    line.add(names.own(), new Output.TaskFinish(it.taskId(), end(it.status()), it.summary()));
    if (agents.remove(it.taskId()) == null) {
      return;
    }
    Outcome outcome =
        switch (it.status()) {
          case "completed" -> Outcome.RETURNED;
          case "failed" -> Outcome.FAILED;
          default -> Outcome.UNKNOWN;
        };
    line.add(names.thread(it.toolUseId()), new Output.SubagentFinish(outcome));
  }

  private static TaskEnd end(String status) {
    return switch (status) {
      case "completed" -> TaskEnd.COMPLETED;
      case "stopped", "killed" -> TaskEnd.STOPPED;
      default -> TaskEnd.FAILED;
    };
  }

  /** SHA-256 of the exact input, hex. */
  public static String digest(JsonNode input) {
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
