package io.agentledger.client.cli;

import io.agentledger.api.session.ThreadId;
import io.agentledger.api.session.ToolCallId;
import io.agentledger.api.session.event.OutputEvent.CallStatus;
import io.agentledger.api.session.event.OutputEvent.McpServerState;
import io.agentledger.api.session.event.OutputEvent.Role;
import io.agentledger.api.session.event.OutputEvent.Verdict;
import io.agentledger.api.session.stream.ProgressBody;
import io.agentledger.api.session.stream.StreamItem;
import io.agentledger.client.support.ClientJson;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Prints a session's stream as lines of text. For one thread. */
final class TranscriptPrinter {
  /** Beginning of the service's rule for calls that nobody could be asked about. */
  private static final String NOBODY_TO_ASK = "denied: nobody to ask";

  /** Transient items that are held back at most until the init item of their run arrives. */
  private static final int EARLY_MAX = 32;

  private final ConsoleOutput output;
  private final MessageBlockPrinter blocks;
  private final boolean prompts;
  private final boolean verbose;
  private final UserNames userNames;
  private final Map<ToolCallId, String> tools = new HashMap<>();

  /** Texts that arrived before the init item of their run, which is recorded meanwhile. */
  private final List<StreamItem> early = new ArrayList<>();

  /** Servers that failed, until they can be printed between two blocks. */
  private final List<McpServerState> failedServers = new ArrayList<>();

  private boolean initExpected;
  private boolean textPrinted;
  private @Nullable ThreadId main;
  private int denials;
  private int unaskedDenials;

  /**
   * Creates a printer.
   *
   * @param prompts whether to print prompts, too
   * @param verbose whether to print the output of tools, and not only its size
   */
  TranscriptPrinter(ConsoleOutput output, boolean prompts, boolean verbose, UserNames userNames) {
    this.output = output;
    this.blocks = new MessageBlockPrinter(output);
    this.prompts = prompts;
    this.verbose = verbose;
    this.userNames = userNames;
  }

  /** Returns the number of tool calls that a rule, a hook or a mode denied. */
  int denials() {
    return denials;
  }

  /** Returns the number of tool calls that were denied because there was nobody to ask. */
  int unaskedDenials() {
    return unaskedDenials;
  }

  /** Prints an item; holds texts back that arrive before the init item of their run. */
  void print(StreamItem item) {
    if (isEarly(item)) {
      early.add(item);
      return;
    }
    boolean init = item.body() instanceof StreamItem.Init;
    if (!init && !mayPrecedeInit(item)) printEarly();
    printItem(item);
    if (init) printEarly();
    if (!blocks.isOpen()) printFailedServers();
    if ("RunStarted".equals(item.event())) {
      initExpected = true;
      textPrinted = false;
    }
  }

  private boolean isEarly(StreamItem item) {
    return initExpected && item.body() instanceof StreamItem.Partial && early.size() < EARLY_MAX;
  }

  /** Returns whether an item says nothing about when the init item of its run arrives. */
  private static boolean mayPrecedeInit(StreamItem item) {
    return item.body() instanceof StreamItem.Status || item.body() instanceof ProgressBody;
  }

  private void printEarly() {
    initExpected = false;
    early.forEach(this::printItem);
    early.clear();
  }

  private void printItem(StreamItem item) {
    switch (item.body()) {
      case StreamItem.Init init -> printInit(item, init);
      case StreamItem.Partial partial -> {
        if (isMainThread(item)) blocks.printPartial(partial);
        textPrinted |= blocks.isOpen();
      }
      case StreamItem.Message message -> printMessage(item, message);
      case StreamItem.Tool tool -> printTool(item, tool);
      case StreamItem.Permission request -> printPermission(request);
      case StreamItem.Question request -> printQuestion(request);
      case StreamItem.Elicitation request -> printElicitation(request);
      case StreamItem.Todo todo -> printTodo(todo);
      case StreamItem.Status status -> printStatus(item, status);
      case StreamItem.Result result -> printRunResult(result);
      case StreamItem.Error error ->
          printLine(TextStyle.WARNING, "! " + error.code() + ": " + error.detail());
      case ProgressBody progress -> printProgress(progress);
      case StreamItem.Checkpoint checkpoint -> {}
      case StreamItem.Done done -> {}
    }
  }

  /** Prints what a run works with; not after a text of it, which the line would cut in two. */
  private void printInit(StreamItem item, StreamItem.Init init) {
    if (main == null) main = item.threadId();
    init.mcpServers().stream()
        .filter(server -> !server.status().equals("connected"))
        .forEach(failedServers::add);
    if (textPrinted) return;
    var sandbox = init.sandbox() == null ? "unknown" : init.sandbox().wireName();
    printLine(
        TextStyle.DIM,
        init.model() + " · sandbox " + sandbox + " · Claude CLI " + init.cliVersion());
    printFailedServers();
  }

  private void printFailedServers() {
    for (var server : failedServers)
      printLine(
          TextStyle.WARNING,
          "! MCP server "
              + server.name()
              + ": "
              + server.status()
              + (server.reason().isEmpty() ? "" : ", " + server.reason()));
    failedServers.clear();
  }

  private void printMessage(StreamItem item, StreamItem.Message message) {
    if (message.role() == Role.USER) return;
    if (isMainThread(item)) blocks.printMessage(message);
    else if (MessageBlockPrinter.isText(message.block()))
      printLine(TextStyle.DIM, indent(ConsoleFormat.plainText(message.block())));
  }

  private void printTool(StreamItem item, StreamItem.Tool tool) {
    if (tool.phase().equals("called")) printToolCall(item, tool);
    else printToolResult(item, tool);
  }

  private void printToolCall(StreamItem item, StreamItem.Tool tool) {
    var name = TerminalSanitizer.sanitizeLine(Objects.requireNonNullElse(tool.name(), "tool"), 60);
    var call = (name + " " + ConsoleFormat.toolInput(tool.input())).strip();
    tools.put(tool.toolCallId(), call);
    blocks.endBlock();
    if (!isMainThread(item)) output.print(TextStyle.DIM, "  │ ");
    var verdict = tool.verdict();
    if (verdict == Verdict.DENIED || verdict == Verdict.REFUSED) {
      var rule = Objects.requireNonNullElse(tool.rule(), "");
      boolean unasked = rule.startsWith(NOBODY_TO_ASK);
      if (unasked) unaskedDenials++;
      else denials++;
      output.print(TextStyle.ERROR, "● " + call + "  " + (unasked ? "" : "denied"));
      output.print(TextStyle.DIM, unasked || rule.isEmpty() ? rule : " (" + rule + ")");
    } else {
      output.print(TextStyle.ACCENT, "● ");
      output.print(TextStyle.BOLD, name);
      output.print(TextStyle.PLAIN, call.substring(name.length()));
    }
    output.startLine();
    output.showSpinner(call);
  }

  private void printToolResult(StreamItem item, StreamItem.Tool tool) {
    var indent = isMainThread(item) ? "  └ " : "  │ └ ";
    var call = tools.remove(tool.toolCallId());
    var label =
        call == null || tools.isEmpty() ? "" : TerminalSanitizer.sanitizeLine(call, 40) + ": ";
    output.showSpinner("working");
    switch (tool.status()) {
      case RETURNED -> printToolOutput(indent, label, tool);
      case DENIED -> printLine(TextStyle.ERROR, indent + label + "denied");
      case EXPIRED -> printLine(TextStyle.WARNING, indent + label + "not executed");
      case UNKNOWN -> printLine(TextStyle.WARNING, indent + label + "result unknown");
      case FAILED -> printLine(TextStyle.ERROR, indent + label + "failed: " + firstLine(tool));
      case null -> printToolOutput(indent, label, tool);
    }
  }

  private void printToolOutput(String indent, String label, StreamItem.Tool tool) {
    printLine(TextStyle.DIM, indent + label + ConsoleFormat.outputSize(tool.output()));
    var text = verbose ? ConsoleFormat.plainText(tool.output()).stripTrailing() : "";
    if (!text.isEmpty())
      printLine(
          TextStyle.DIM,
          ("\n" + text).replace("\n", "\n" + " ".repeat(indent.length())).substring(1));
  }

  private static String firstLine(StreamItem.Tool tool) {
    var text = TerminalSanitizer.sanitizeLine(ConsoleFormat.plainText(tool.output()), 100);
    return text.isEmpty() ? CallStatus.FAILED.name() : text;
  }

  /** Shows progress only while no other output is being written. */
  private void printProgress(ProgressBody progress) {
    var text = progress.text() == null ? "" : TerminalSanitizer.sanitizeLine(progress.text(), 200);
    switch (progress.progressType()) {
      case "notice" -> printLine(TextStyle.DIM, text);
      case "task" -> output.showSpinner(text);
      case "status" -> {
        if ("compacting".equals(progress.status()))
          output.showSpinner("compacting the conversation");
        else if ("not_compacted".equals(progress.status()))
          printLine(TextStyle.WARNING, "! the conversation could not be summarised: " + text);
      }
      default -> {}
    }
  }

  private void printPermission(StreamItem.Permission request) {
    switch (request.phase()) {
      case "requested" ->
          printLine(
              TextStyle.WARNING,
              "? "
                  + request.tool()
                  + " "
                  + ConsoleFormat.toolInput(request.input())
                  + "  waits for a decision");
      case "decided" -> {
        var decision = String.valueOf(request.decision()).toLowerCase(java.util.Locale.ROOT);
        printLine(
            TextStyle.DIM,
            "  "
                + (decision.equals("allow") ? "allowed" : "denied")
                + formatActor(request.actor()));
      }
      case "remembered" -> {}
      default -> printLine(TextStyle.DIM, "  nobody decided");
    }
  }

  private void printElicitation(StreamItem.Elicitation request) {
    var server =
        TerminalSanitizer.sanitizeLine(
            Objects.requireNonNullElse(request.server(), "a server"), 60);
    switch (request.phase()) {
      case "asked" ->
          printLine(
              TextStyle.WARNING,
              "? "
                  + server
                  + " asks: "
                  + ConsoleFormat.elicitationMessage(request.request())
                  + "  waits");
      case "answered", "revised" -> {
        var answer = String.valueOf(request.action()).toLowerCase(java.util.Locale.ROOT);
        printLine(TextStyle.DIM, "  " + server + " gets: " + answer + formatActor(request.actor()));
      }
      case "completed" -> printLine(TextStyle.DIM, "  " + server + ": done");
      default -> printLine(TextStyle.DIM, "  nobody answered " + server);
    }
  }

  private void printQuestion(StreamItem.Question request) {
    switch (request.phase()) {
      case "asked" -> printLine(TextStyle.WARNING, "? the agent asks and waits for an answer");
      case "answered" -> printLine(TextStyle.DIM, "  answered" + formatActor(request.actor()));
      default -> printLine(TextStyle.DIM, "  nobody answered");
    }
  }

  private String formatActor(@Nullable String actor) {
    return actor == null ? "" : " by " + userNames.find(actor);
  }

  private void printTodo(StreamItem.Todo todo) {
    blocks.endBlock();
    var list = ClientJson.MAPPER.readTree(todo.todos().text());
    list.valueStream()
        .forEach(
            entry ->
                output.printLine(
                    TextStyle.DIM,
                    "  "
                        + switch (entry.path("status").asString("")) {
                          case "completed" -> "☒ ";
                          case "in_progress" -> "▸ ";
                          default -> "☐ ";
                        }
                        + TerminalSanitizer.sanitizeLine(entry.path("content").asString(""), 100)));
  }

  private void printStatus(StreamItem item, StreamItem.Status status) {
    var eventLine = EventLine.from(item, status, prompts);
    if (eventLine != null) printLine(eventLine.style(), eventLine.text());
  }

  private void printRunResult(StreamItem.Result result) {
    blocks.endBlock();
    output.clearProgress();
    var text = result.result();
    if (text != null && !text.strip().equals(blocks.lastText()))
      output.printMarkdown(result.isError() ? TextStyle.ERROR : TextStyle.PLAIN, text.strip());
    if (result.structuredOutput() != null)
      printLine(ConsoleFormat.prettyJson(result.structuredOutput()));
    output.printLine("");
    if (result.isError())
      printLine(TextStyle.ERROR, "✗ " + result.stopReason() + " · " + formatTotals(result));
    else if (result.stopReason().equals("completed"))
      printLine(TextStyle.SUCCESS, "✓ completed · " + formatTotals(result));
    else printLine(TextStyle.WARNING, "■ " + result.stopReason() + " · " + formatTotals(result));
  }

  private static String formatTotals(StreamItem.Result result) {
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

  private void printLine(TextStyle style, String text) {
    blocks.endBlock();
    output.printLine(style, text);
  }

  private void printLine(String text) {
    printLine(TextStyle.PLAIN, text);
  }

  private static String indent(String text) {
    return "  │ " + text.strip().replace("\n", "\n  │ ");
  }

  private boolean isMainThread(StreamItem item) {
    return main == null || item.threadId() == null || item.threadId().equals(main);
  }
}
