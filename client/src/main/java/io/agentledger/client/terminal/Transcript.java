package io.agentledger.client.terminal;

import io.agentledger.api.session.OutputEvent.Outcome;
import io.agentledger.api.session.OutputEvent.Role;
import io.agentledger.api.session.OutputEvent.Verdict;
import io.agentledger.api.session.Progress;
import io.agentledger.api.session.StreamItem;
import io.agentledger.api.session.ThreadId;
import io.agentledger.api.session.ToolCallId;
import io.agentledger.client.support.WireJson;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A session's stream as lines for a person. For one thread. */
final class Transcript {
  private final Screen screen;
  private final Blocks blocks;
  private final boolean prompts;
  private final Map<ToolCallId, String> tools = new HashMap<>();
  private @Nullable ThreadId main;
  private int denials;

  /**
   * @param prompts whether to show what was asked, too
   */
  Transcript(Screen screen, boolean prompts) {
    this.screen = screen;
    this.blocks = new Blocks(screen);
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
      case StreamItem.Error error -> line(Paint.WARN, "! " + error.code() + ": " + error.detail());
      case Progress progress -> progress(progress);
      case StreamItem.Checkpoint state -> {}
      case StreamItem.Done done -> {}
    }
  }

  private void init(StreamItem item, StreamItem.Init init) {
    if (main == null) main = item.threadId();
    var sandbox = init.sandbox() == null ? "unknown" : init.sandbox().wireName();
    line(Paint.DIM, init.model() + " · sandbox " + sandbox + " · Claude CLI " + init.cliVersion());
    init.mcpServers().stream()
        .filter(server -> !server.status().equals("connected"))
        .forEach(
            server -> line(Paint.WARN, "! MCP server " + server.name() + ": " + server.status()));
  }

  private void message(StreamItem item, StreamItem.Message message) {
    if (message.role() == Role.USER) return;
    if (isMain(item)) blocks.message(message);
    else if (Blocks.isText(message.block()))
      line(Paint.DIM, indented(Words.plain(message.block())));
  }

  private void tool(StreamItem item, StreamItem.Tool tool) {
    if (tool.phase().equals("called")) called(item, tool);
    else returned(item, tool);
  }

  private void called(StreamItem item, StreamItem.Tool tool) {
    var name = Clean.line(Objects.requireNonNullElse(tool.name(), "tool"), 60);
    var call = (name + " " + Words.input(tool.input())).strip();
    tools.put(tool.toolCallId(), call);
    blocks.close();
    if (!isMain(item)) screen.text(Paint.DIM, "  │ ");
    var verdict = tool.verdict();
    if (verdict == Verdict.DENIED || verdict == Verdict.REFUSED) {
      denials++;
      screen.text(Paint.BAD, "● " + call + "  denied");
      screen.text(Paint.DIM, tool.rule() == null ? "" : " (" + tool.rule() + ")");
    } else {
      screen.text(Paint.ACCENT, "● ");
      screen.text(Paint.STRONG, name);
      screen.text(Paint.PLAIN, call.substring(name.length()));
    }
    screen.fresh();
    screen.awaitQuietly(call);
  }

  private void returned(StreamItem item, StreamItem.Tool tool) {
    var lane = isMain(item) ? "  └ " : "  │ └ ";
    var call = tools.remove(tool.toolCallId());
    var what = call == null || tools.isEmpty() ? "" : Clean.line(call, 40) + ": ";
    screen.awaitQuietly("working");
    switch (tool.outcome()) {
      case RETURNED -> line(Paint.DIM, lane + what + Words.extent(tool.output()));
      case DENIED -> line(Paint.BAD, lane + what + "denied");
      case UNKNOWN -> line(Paint.WARN, lane + what + "outcome unknown");
      case FAILED -> line(Paint.BAD, lane + what + "failed: " + firstLine(tool));
      case null -> line(Paint.DIM, lane + what + Words.extent(tool.output()));
    }
  }

  private static String firstLine(StreamItem.Tool tool) {
    var outcome = Clean.line(Words.plain(tool.output()), 100);
    return outcome.isEmpty() ? Outcome.FAILED.name() : outcome;
  }

  /** What is going on is said where nothing else is being written. */
  private void progress(Progress progress) {
    var text = progress.text() == null ? "" : Clean.line(progress.text(), 200);
    switch (progress.about()) {
      case "notice" -> line(Paint.DIM, text);
      case "task" -> screen.awaitQuietly(text);
      case "state" -> {
        if ("compacting".equals(progress.state())) screen.awaitQuietly("making room");
        else if ("not_compacted".equals(progress.state()))
          line(Paint.WARN, "! the conversation could not be summarised: " + text);
      }
      default -> {}
    }
  }

  private void permission(StreamItem.Permission asked) {
    switch (asked.phase()) {
      case "requested" ->
          line(
              Paint.WARN,
              "? " + asked.tool() + " " + Words.input(asked.input()) + "  waits for a decision");
      case "decided" -> {
        var decision = String.valueOf(asked.decision()).toLowerCase(java.util.Locale.ROOT);
        line(Paint.DIM, "  " + (decision.equals("allow") ? "allowed" : "denied") + by(asked.by()));
      }
      default -> line(Paint.DIM, "  nobody decided");
    }
  }

  private void elicitation(StreamItem.Elicitation asked) {
    var server = Clean.line(Objects.requireNonNullElse(asked.server(), "a server"), 60);
    switch (asked.phase()) {
      case "asked" ->
          line(Paint.WARN, "? " + server + " asks: " + Words.message(asked.ask()) + "  waits");
      case "answered", "revised" -> {
        var answer = String.valueOf(asked.action()).toLowerCase(java.util.Locale.ROOT);
        line(Paint.DIM, "  " + server + " is told: " + answer + by(asked.by()));
      }
      case "completed" -> line(Paint.DIM, "  " + server + ": done");
      default -> line(Paint.DIM, "  nobody answered " + server);
    }
  }

  private void question(StreamItem.Question asked) {
    switch (asked.phase()) {
      case "asked" -> line(Paint.WARN, "? the agent asks and waits for an answer");
      case "answered" -> line(Paint.DIM, "  answered" + by(asked.by()));
      default -> line(Paint.DIM, "  nobody answered");
    }
  }

  private static String by(@Nullable String actor) {
    return actor == null ? "" : " by " + actor;
  }

  private void todo(StreamItem.Todo todo) {
    blocks.close();
    var list = WireJson.MAPPER.readTree(todo.todos().text());
    list.valueStream()
        .forEach(
            entry ->
                screen.line(
                    Paint.DIM,
                    "  "
                        + switch (entry.path("status").asString("")) {
                          case "completed" -> "☒ ";
                          case "in_progress" -> "▸ ";
                          default -> "☐ ";
                        }
                        + Clean.line(entry.path("content").asString(""), 100)));
  }

  private void status(StreamItem item, StreamItem.Status status) {
    var said = StatusLine.of(item, status, prompts);
    if (said != null) line(said.paint(), said.text());
  }

  private void result(StreamItem.Result result) {
    blocks.close();
    screen.awaitNothing();
    var text = result.result();
    if (text != null && !text.strip().equals(blocks.lastText()))
      line(result.isError() ? Paint.BAD : Paint.PLAIN, text.strip());
    if (result.structuredOutput() != null) line(Words.pretty(result.structuredOutput()));
    screen.line("");
    if (result.isError()) line(Paint.BAD, "✗ " + result.stopReason() + " · " + numbers(result));
    else if (result.stopReason().equals("completed"))
      line(Paint.GOOD, "✓ completed · " + numbers(result));
    else line(Paint.WARN, "■ " + result.stopReason() + " · " + numbers(result));
  }

  private static String numbers(StreamItem.Result result) {
    return Words.duration(Duration.ofMillis(result.durationMs()))
        + " · "
        + Words.count(result.numTurns(), "turn")
        + " · "
        + Words.tokens(result.usage())
        + " · "
        + Words.cost(result.costUsd())
        + " · "
        + Words.upstream(result.upstream());
  }

  private void line(Paint paint, String text) {
    blocks.close();
    screen.line(paint, text);
  }

  private void line(String text) {
    line(Paint.PLAIN, text);
  }

  private static String indented(String text) {
    return "  │ " + text.strip().replace("\n", "\n  │ ");
  }

  private boolean isMain(StreamItem item) {
    return main == null || item.threadId() == null || item.threadId().equals(main);
  }
}
