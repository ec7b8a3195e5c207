package io.agentledger.command.flow.repository;

import io.agentledger.api.session.event.OutputEvent.CallStatus;
import io.agentledger.api.session.query.ToolCallView;
import java.time.Instant;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Verdict about the tests of a session, from its recorded tool calls. It says that the configured
 * command ended without an error on the files as they are, not that the tests are good: an agent
 * can change tests, and a file can be changed by others than tools.
 */
public enum TestVerdict {
  /** The newest execution of the command succeeded, and nothing may have changed files since. */
  PASSED,
  /** The newest execution of the command failed, or its outcome is unknown. */
  FAILED,
  /** The command was not executed. */
  NOT_RUN,
  /** The newest execution succeeded, but a call that may change files ended later. */
  STALE;

  private static final JsonMapper JSON = JsonMapper.shared();
  private static final String SHELL = "Bash";

  /** Result of the CLI for a command that runs on. A test that prints it has not passed either. */
  private static final Pattern MOVED_TO_BACKGROUND =
      Pattern.compile("(?i)background(ed)?\\b.{0,60}\\bwith ID: ");

  /** Tools that change no files. All others, including those of MCP servers, may. */
  private static final Set<String> READING =
      Set.of(
          "AskUserQuestion",
          "BashOutput",
          "EnterPlanMode",
          "ExitPlanMode",
          "Glob",
          "Grep",
          "KillShell",
          "ListMcpResourcesTool",
          "LS",
          "NotebookRead",
          "Read",
          "ReadMcpResourceTool",
          "StructuredOutput",
          "TaskOutput",
          "TaskStop",
          "TodoWrite",
          "ToolSearch",
          "WebFetch",
          "WebSearch");

  /** Calls that were not executed. */
  private static final Set<CallStatus> NOT_EXECUTED = Set.of(CallStatus.DENIED, CallStatus.EXPIRED);

  /**
   * Decides from the calls of all threads of a session. A shell command that was started in the
   * background never counts as the tests, and may change files until the end of the session.
   *
   * @param newestFirst all calls, by descending sequence
   * @param testCommand compared exactly, without surrounding white space
   */
  public static TestVerdict of(Iterable<ToolCallView> newestFirst, String testCommand) {
    var command = testCommand.strip();
    boolean mayHaveChanged = false;
    Instant testsCalledAt = null;
    for (var call : newestFirst) {
      if (call.status() != null && NOT_EXECUTED.contains(call.status())) continue;
      if (testsCalledAt == null && isTest(call, command)) {
        if (call.status() != CallStatus.RETURNED || wasMovedToBackground(call)) return FAILED;
        testsCalledAt = call.calledAt();
      } else if (mayChangeFilesAfter(call, testsCalledAt)) mayHaveChanged = true;
    }
    if (testsCalledAt == null) return NOT_RUN;
    return mayHaveChanged ? STALE : PASSED;
  }

  private static boolean isTest(ToolCallView call, String command) {
    return call.name().equals(SHELL)
        && !isStartedInBackground(call)
        && input(call).path("command").asString("").strip().equals(command);
  }

  /**
   * @param testsCalledAt null if the call is newer than the tests
   */
  private static boolean mayChangeFilesAfter(ToolCallView call, @Nullable Instant testsCalledAt) {
    if (READING.contains(call.name())) return false;
    if (testsCalledAt == null || call.returnedAt() == null) return true;
    return call.returnedAt().isAfter(testsCalledAt)
        || call.name().equals(SHELL) && (isStartedInBackground(call) || wasMovedToBackground(call));
  }

  private static boolean isStartedInBackground(ToolCallView call) {
    return input(call).path("run_in_background").asBoolean(false);
  }

  /** Returns whether the CLI went on without the command, which then returns without an error. */
  private static boolean wasMovedToBackground(ToolCallView call) {
    var output = call.output();
    return output != null && MOVED_TO_BACKGROUND.matcher(output.text()).find();
  }

  private static JsonNode input(ToolCallView call) {
    return JSON.readTree(call.input().text());
  }
}
