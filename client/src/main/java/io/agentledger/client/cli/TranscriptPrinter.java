package io.agentledger.client.cli;

import io.agentledger.api.session.ThreadId;
import io.agentledger.api.session.ToolCallId;
import io.agentledger.api.session.event.OutputEvent.Outcome;
import io.agentledger.api.session.event.OutputEvent.Role;
import io.agentledger.api.session.event.OutputEvent.Verdict;
import io.agentledger.api.session.stream.ProgressFrame;
import io.agentledger.api.session.stream.StreamItem;
import io.agentledger.client.support.ClientJson;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A session's stream as lines for a person. For one thread. */
final class TranscriptPrinter {
  private final ConsoleOutput consoleOutput;
  private final MessageBlockPrinter blocks;
  private final boolean prompts;
  private final Map<ToolCallId, String> tools = new HashMap<>();
  private @Nullable ThreadId main;
  private int denials;

  /**
   * @param prompts whether to show what was asked, too
   */
  TranscriptPrinter(ConsoleOutput consoleOutput, boolean prompts) {
    this.consoleOutput = consoleOutput;
    this.blocks = new MessageBlockPrinter(consoleOutput);
    this.prompts = prompts;
  }

  /** How many tool calls did not happen because somebody or something said no. */
  int denials() {
    return denials;
  }

  void show(StreamItem item) {
    switch (item.body()) {
      case StreamItem.Init init -> init(item, init);
      case StreamItem.Partial piece -> {
        if (isMain(item)) blocks.partial(piece);
      }
      case StreamItem.Message message -> message(item, message);
      case StreamItem.Tool tool -> tool(item, tool);
      case StreamItem.Permission asked -> permission(asked);
      case StreamItem.Question asked -> question(asked);
      case StreamItem.Elicitation asked -> elicitation(asked);
      case StreamItem.Todo todo -> todo(todo);
      case StreamItem.Status status -> status(item, status);
      case StreamItem.Result result -> result(result);
      case StreamItem.Error error ->
          line(TextStyle.WARN, "! " + error.code() + ": " + error.detail());
      case ProgressFrame progress -> progress(progress);
      case StreamItem.Checkpoint state -> {}
      case StreamItem.Done done -> {}
    }
  }

  private void init(StreamItem item, StreamItem.Init init) {
    if (main == null) main = item.threadId();
    var sandbox = init.sandbox() == null ? "unknown" : init.sandbox().wireName();
    line(
        TextStyle.DIM,
        init.model() + " · sandbox " + sandbox + " · Claude CLI " + init.cliVersion());
    init.mcpServers().stream()
        .filter(server -> !server.status().equals("connected"))
        .forEach(
            server ->
                line(TextStyle.WARN, "! MCP server " + server.name() + ": " + server.status()));
  }

  private void message(StreamItem item, StreamItem.Message message) {
    if (message.role() == Role.USER) return;
    if (isMain(item)) blocks.message(message);
    else if (MessageBlockPrinter.isText(message.block()))
      line(TextStyle.DIM, indented(ConsoleFormat.plain(message.block())));
  }

  private void tool(StreamItem item, StreamItem.Tool tool) {
    if (tool.phase().equals("called")) called(item, tool);
    else returned(item, tool);
  }

  private void called(StreamItem item, StreamItem.Tool tool) {
    var name = TerminalSanitizer.line(Objects.requireNonNullElse(tool.name(), "tool"), 60);
    var call = (name + " " + ConsoleFormat.input(tool.input())).strip();
    tools.put(tool.toolCallId(), call);
    blocks.close();
    if (!isMain(item)) consoleOutput.text(TextStyle.DIM, "  │ ");
    var verdict = tool.verdict();
    if (verdict == Verdict.DENIED || verdict == Verdict.REFUSED) {
      denials++;
      consoleOutput.text(TextStyle.BAD, "● " + call + "  denied");
      consoleOutput.text(TextStyle.DIM, tool.rule() == null ? "" : " (" + tool.rule() + ")");
    } else {
      consoleOutput.text(TextStyle.ACCENT, "● ");
      consoleOutput.text(TextStyle.STRONG, name);
      consoleOutput.text(TextStyle.PLAIN, call.substring(name.length()));
    }
    consoleOutput.fresh();
    consoleOutput.awaitQuietly(call);
  }

  private void returned(StreamItem item, StreamItem.Tool tool) {
    var lane = isMain(item) ? "  └ " : "  │ └ ";
    var call = tools.remove(tool.toolCallId());
    var what = call == null || tools.isEmpty() ? "" : TerminalSanitizer.line(call, 40) + ": ";
    consoleOutput.awaitQuietly("working");
    switch (tool.outcome()) {
      case RETURNED -> line(TextStyle.DIM, lane + what + ConsoleFormat.extent(tool.output()));
      case DENIED -> line(TextStyle.BAD, lane + what + "denied");
      case UNKNOWN -> line(TextStyle.WARN, lane + what + "outcome unknown");
      case FAILED -> line(TextStyle.BAD, lane + what + "failed: " + firstLine(tool));
      case null -> line(TextStyle.DIM, lane + what + ConsoleFormat.extent(tool.output()));
    }
  }

  private static String firstLine(StreamItem.Tool tool) {
    var outcome = TerminalSanitizer.line(ConsoleFormat.plain(tool.output()), 100);
    return outcome.isEmpty() ? Outcome.FAILED.name() : outcome;
  }

  /** What is going on is said where nothing else is being written. */
  private void progress(ProgressFrame progress) {
    var text = progress.text() == null ? "" : TerminalSanitizer.line(progress.text(), 200);
    switch (progress.about()) {
      case "notice" -> line(TextStyle.DIM, text);
      case "task" -> consoleOutput.awaitQuietly(text);
      case "state" -> {
        if ("compacting".equals(progress.state())) consoleOutput.awaitQuietly("making room");
        else if ("not_compacted".equals(progress.state()))
          line(TextStyle.WARN, "! the conversation could not be summarised: " + text);
      }
      default -> {}
    }
  }

  private void permission(StreamItem.Permission asked) {
    switch (asked.phase()) {
      case "requested" ->
          line(
              TextStyle.WARN,
              "? "
                  + asked.tool()
                  + " "
                  + ConsoleFormat.input(asked.input())
                  + "  waits for a decision");
      case "decided" -> {
        var decision = String.valueOf(asked.decision()).toLowerCase(java.util.Locale.ROOT);
        line(
            TextStyle.DIM,
            "  " + (decision.equals("allow") ? "allowed" : "denied") + by(asked.by()));
      }
      default -> line(TextStyle.DIM, "  nobody decided");
    }
  }

  private void elicitation(StreamItem.Elicitation asked) {
    var server = TerminalSanitizer.line(Objects.requireNonNullElse(asked.server(), "a server"), 60);
    switch (asked.phase()) {
      case "asked" ->
          line(
              TextStyle.WARN,
              "? " + server + " asks: " + ConsoleFormat.message(asked.ask()) + "  waits");
      case "answered", "revised" -> {
        var answer = String.valueOf(asked.action()).toLowerCase(java.util.Locale.ROOT);
        line(TextStyle.DIM, "  " + server + " is told: " + answer + by(asked.by()));
      }
      case "completed" -> line(TextStyle.DIM, "  " + server + ": done");
      default -> line(TextStyle.DIM, "  nobody answered " + server);
    }
  }

  private void question(StreamItem.Question asked) {
    switch (asked.phase()) {
      case "asked" -> line(TextStyle.WARN, "? the agent asks and waits for an answer");
      case "answered" -> line(TextStyle.DIM, "  answered" + by(asked.by()));
      default -> line(TextStyle.DIM, "  nobody answered");
    }
  }

  private static String by(@Nullable String actor) {
    return actor == null ? "" : " by " + actor;
  }

  private void todo(StreamItem.Todo todo) {
    blocks.close();
    var list = ClientJson.MAPPER.readTree(todo.todos().text());
    list.valueStream()
        .forEach(
            entry ->
                consoleOutput.line(
                    TextStyle.DIM,
                    "  "
                        + switch (entry.path("status").asString("")) {
                          case "completed" -> "☒ ";
                          case "in_progress" -> "▸ ";
                          default -> "☐ ";
                        }
                        + TerminalSanitizer.line(entry.path("content").asString(""), 100)));
  }

  private void status(StreamItem item, StreamItem.Status status) {
    var said = EventLine.of(item, status, prompts);
    if (said != null) line(said.paint(), said.text());
  }

  private void result(StreamItem.Result result) {
    blocks.close();
    consoleOutput.awaitNothing();
    var text = result.result();
    if (text != null && !text.strip().equals(blocks.lastText()))
      line(result.isError() ? TextStyle.BAD : TextStyle.PLAIN, text.strip());
    if (result.structuredOutput() != null) line(ConsoleFormat.pretty(result.structuredOutput()));
    consoleOutput.line("");
    if (result.isError()) line(TextStyle.BAD, "✗ " + result.stopReason() + " · " + numbers(result));
    else if (result.stopReason().equals("completed"))
      line(TextStyle.GOOD, "✓ completed · " + numbers(result));
    else line(TextStyle.WARN, "■ " + result.stopReason() + " · " + numbers(result));
  }

  private static String numbers(StreamItem.Result result) {
    return ConsoleFormat.duration(Duration.ofMillis(result.durationMs()))
        + " · "
        + ConsoleFormat.count(result.numTurns(), "turn")
        + " · "
        + ConsoleFormat.tokens(result.usage())
        + " · "
        + ConsoleFormat.cost(result.costUsd())
        + " · "
        + ConsoleFormat.upstream(result.upstream());
  }

  private void line(TextStyle textStyle, String text) {
    blocks.close();
    consoleOutput.line(textStyle, text);
  }

  private void line(String text) {
    line(TextStyle.PLAIN, text);
  }

  private static String indented(String text) {
    return "  │ " + text.strip().replace("\n", "\n  │ ");
  }

  private boolean isMain(StreamItem item) {
    return main == null || item.threadId() == null || item.threadId().equals(main);
  }
}
