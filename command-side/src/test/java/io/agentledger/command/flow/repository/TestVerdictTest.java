package io.agentledger.command.flow.repository;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentledger.api.session.RunId;
import io.agentledger.api.session.ThreadId;
import io.agentledger.api.session.ToolCallId;
import io.agentledger.api.session.event.OutputEvent.CallStatus;
import io.agentledger.api.session.event.OutputEvent.Verdict;
import io.agentledger.api.session.query.ToolCallView;
import io.agentledger.api.shared.Json;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class TestVerdictTest {
  private static final String TESTS = "mvn -q verify";
  private static final Instant START = Instant.parse("2026-11-24T00:00:00Z");

  private int sequence;

  private ToolCallView call(String tool, String input, CallStatus status) {
    int at = ++sequence;
    var calledAt = START.plusSeconds(at * 10L);
    return call(tool, input, status, calledAt, status == null ? null : calledAt.plusSeconds(5));
  }

  private ToolCallView call(
      String tool, String input, CallStatus status, Instant calledAt, Instant returnedAt) {
    return new ToolCallView(
        ToolCallId.next(),
        RunId.next(),
        ThreadId.next(),
        tool,
        new Json(input),
        null,
        "digest",
        status == CallStatus.DENIED ? Verdict.DENIED : Verdict.ALLOWED,
        "",
        status,
        null,
        ++sequence,
        calledAt,
        returnedAt);
  }

  private ToolCallView shell(String command, CallStatus status) {
    return call("Bash", "{\"command\": \"" + command + "\"}", status);
  }

  private ToolCallView tests(CallStatus status) {
    return shell(TESTS, status);
  }

  private ToolCallView edit() {
    return call("Edit", "{\"file_path\": \"a\"}", CallStatus.RETURNED);
  }

  private static TestVerdict of(ToolCallView... oldestFirst) {
    return TestVerdict.of(Arrays.asList(oldestFirst).reversed(), "  " + TESTS + "\n");
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
    assertThat(TestVerdict.of(List.of(), TESTS)).isEqualTo(TestVerdict.NOT_RUN);
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

  private static ToolCallView withOutput(ToolCallView call, String output) {
    return new ToolCallView(
        call.id(),
        call.runId(),
        call.threadId(),
        call.name(),
        call.input(),
        null,
        call.inputDigest(),
        call.verdict(),
        call.rule(),
        call.status(),
        new Json("\"" + output + "\""),
        call.sequence(),
        call.calledAt(),
        call.returnedAt());
  }
}
