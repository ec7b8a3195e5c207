package io.agentledger.command.flow.repository;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentledger.api.flow.TestVerdict;
import io.agentledger.api.session.event.OutputEvent.CallStatus;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class TestResultTest {
  private static final String TESTS = "mvn -q verify";
  private static final Instant START = Instant.parse("2026-11-24T00:00:00Z");

  private int sequence;

  private RecordedCall call(String tool, String input, CallStatus status) {
    int at = ++sequence;
    var calledAt = START.plusSeconds(at * 10L);
    return call(tool, input, status, calledAt, status == null ? null : calledAt.plusSeconds(5));
  }

  private static RecordedCall call(
      String tool, String input, CallStatus status, Instant calledAt, Instant returnedAt) {
    var called =
        tool.equals("Bash")
            ? RecordedCall.ofShell(input, calledAt)
            : RecordedCall.of(tool, calledAt);
    return status == null || returnedAt == null ? called : called.returned(status, "", returnedAt);
  }

  private RecordedCall shell(String command, CallStatus status) {
    return call("Bash", "{\"command\": \"" + command + "\"}", status);
  }

  private RecordedCall tests(CallStatus status) {
    return shell(TESTS, status);
  }

  private RecordedCall edit() {
    return call("Edit", "{\"file_path\": \"a\"}", CallStatus.RETURNED);
  }

  private static TestVerdict of(RecordedCall... oldestFirst) {
    return resultOf(oldestFirst).verdict();
  }

  private static TestResult resultOf(RecordedCall... oldestFirst) {
    return TestResult.of(Arrays.asList(oldestFirst).reversed(), "  " + TESTS + "\n");
  }

  @Test
  void passesIfTheNewestExecutionSucceeded() {
    assertThat(of(edit(), tests(CallStatus.FAILED), edit(), tests(CallStatus.RETURNED)))
        .isEqualTo(TestVerdict.PASSED);
  }

  @Test
  void surroundingWhiteSpaceDoesNotMatter() {
    assertThat(of(shell("  " + TESTS + "\\n", CallStatus.RETURNED))).isEqualTo(TestVerdict.PASSED);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "mvn -q verify || true",
        "mvn -q verify; exit 0",
        "mvn  -q verify",
        "cd elsewhere && mvn -q verify",
        "echo mvn -q verify"
      })
  void otherCommandIsNoTest(String command) {
    assertThat(of(shell(command, CallStatus.RETURNED))).isEqualTo(TestVerdict.NOT_RUN);
  }

  @Test
  void sessionWithoutCallsHasNoTests() {
    assertThat(TestResult.of(List.of(), TESTS).verdict()).isEqualTo(TestVerdict.NOT_RUN);
  }

  @ParameterizedTest
  @EnumSource(
      value = CallStatus.class,
      names = {"FAILED", "UNKNOWN"})
  void newestExecutionDecides(CallStatus status) {
    assertThat(of(tests(CallStatus.RETURNED), tests(status))).isEqualTo(TestVerdict.FAILED);
  }

  @Test
  void executionInProgressHasNotPassed() {
    assertThat(of(tests(CallStatus.RETURNED), tests(null))).isEqualTo(TestVerdict.FAILED);
  }

  @ParameterizedTest
  @EnumSource(
      value = CallStatus.class,
      names = {"DENIED", "EXPIRED"})
  void callThatWasNotExecutedDoesNotCount(CallStatus status) {
    assertThat(of(tests(CallStatus.RETURNED), tests(status))).isEqualTo(TestVerdict.PASSED);
    var denied = call("Write", "{}", status);
    assertThat(of(tests(CallStatus.RETURNED), denied)).isEqualTo(TestVerdict.PASSED);
    assertThat(of(tests(status))).isEqualTo(TestVerdict.NOT_RUN);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"Write", "Edit", "NotebookEdit", "Bash", "Task", "Agent", "mcp__files__put", "X"})
  void laterCallThatMayChangeFilesMakesItStale(String tool) {
    for (var status : new CallStatus[] {CallStatus.RETURNED, CallStatus.FAILED, CallStatus.UNKNOWN})
      assertThat(of(tests(CallStatus.RETURNED), call(tool, "{}", status)))
          .isEqualTo(TestVerdict.STALE);
    assertThat(of(tests(CallStatus.RETURNED), call(tool, "{}", null))).isEqualTo(TestVerdict.STALE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"Read", "Grep", "Glob", "TodoWrite", "WebFetch"})
  void laterCallThatOnlyReadsDoesNotMatter(String tool) {
    assertThat(of(tests(CallStatus.RETURNED), call(tool, "{}", CallStatus.RETURNED)))
        .isEqualTo(TestVerdict.PASSED);
  }

  @Test
  void callThatBeganEarlierAndEndedDuringTheTestsMakesItStale() {
    var edit = call("Edit", "{}", CallStatus.RETURNED, START, START.plusSeconds(3600));
    assertThat(of(edit, tests(CallStatus.RETURNED))).isEqualTo(TestVerdict.STALE);
    var open = call("Edit", "{}", CallStatus.UNKNOWN, START, null);
    assertThat(of(open, tests(CallStatus.RETURNED))).isEqualTo(TestVerdict.STALE);
  }

  @Test
  void backgroundCommandIsNoTestAndMayChangeFilesLater() {
    var input = "{\"command\": \"" + TESTS + "\", \"run_in_background\": true}";
    assertThat(of(call("Bash", input, CallStatus.RETURNED))).isEqualTo(TestVerdict.NOT_RUN);
    assertThat(of(call("Bash", input, CallStatus.RETURNED), tests(CallStatus.RETURNED)))
        .isEqualTo(TestVerdict.STALE);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Command running in background with ID: b1. Output is being written to: /tmp/x",
        "Command was manually backgrounded by user with ID: b1. Output is being written to: /tmp/x"
      })
  void executionThatTheCliMovedToTheBackgroundHasNotPassed(String output) {
    var moved = withOutput(tests(CallStatus.RETURNED), output);
    assertThat(of(tests(CallStatus.RETURNED), moved)).isEqualTo(TestVerdict.FAILED);
    var server = withOutput(shell("serve", CallStatus.RETURNED), output);
    assertThat(of(server, tests(CallStatus.RETURNED))).isEqualTo(TestVerdict.STALE);
  }

  private static RecordedCall withOutput(RecordedCall call, String output) {
    return call.returned(call.status(), "\"" + output + "\"", call.returnedAt());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"Exit code 3\\n2 tests failed\"",
        "[{\"type\":\"text\",\"text\":\"Exit code 3\"}]",
        "\"Error: Exit code 3\""
      })
  void failureHasTheExitStatusThatTheCliReported(String output) {
    var failed = tests(null).returned(CallStatus.FAILED, output, START.plusSeconds(60));
    int expected = output.startsWith("\"Error") ? TestResult.NO_STATUS : 3;
    assertThat(resultOf(failed)).isEqualTo(new TestResult(TestVerdict.FAILED, expected));
    assertThat(resultOf(tests(CallStatus.RETURNED)).exitStatus()).isZero();
    assertThat(resultOf().exitStatus()).isEqualTo(TestResult.NO_STATUS);
  }
}
