package io.agentledger.command.flow.repository;

import io.agentledger.api.flow.TestVerdict;
import io.agentledger.api.session.event.OutputEvent.CallStatus;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Result of the tests of a session.
 *
 * @param exitStatus of the newest execution of the command; {@link #NO_STATUS} without one, or if
 *     the CLI reported none
 */
public record TestResult(TestVerdict verdict, int exitStatus) {
  public static final int NO_STATUS = -1;

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
   * @param newestFirst all calls
   * @param testCommand compared exactly, without surrounding white space
   */
  static TestResult of(Iterable<RecordedCall> newestFirst, String testCommand) {
    var command = testCommand.strip();
    boolean mayHaveChanged = false;
    Instant testsCalledAt = null;
    for (var call : newestFirst) {
      if (call.status() != null && NOT_EXECUTED.contains(call.status())) continue;
      if (testsCalledAt == null && call.isForegroundCommand(command)) {
        if (call.status() != CallStatus.RETURNED || call.isMovedToBackground())
          return new TestResult(TestVerdict.FAILED, call.exitStatus());
        testsCalledAt = call.calledAt();
      } else if (mayChangeFilesAfter(call, testsCalledAt)) mayHaveChanged = true;
    }
    if (testsCalledAt == null) return new TestResult(TestVerdict.NOT_RUN, NO_STATUS);
    return new TestResult(mayHaveChanged ? TestVerdict.STALE : TestVerdict.PASSED, 0);
  }

  /**
   * @param testsCalledAt null if the call is newer than the tests
   */
  private static boolean mayChangeFilesAfter(RecordedCall call, @Nullable Instant testsCalledAt) {
    if (READING.contains(call.tool())) return false;
    if (testsCalledAt == null || call.returnedAt() == null) return true;
    return call.returnedAt().isAfter(testsCalledAt) || call.isInBackground();
  }
}
