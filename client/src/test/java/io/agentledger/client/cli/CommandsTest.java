package io.agentledger.client.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentledger.client.FakeService;
import io.agentledger.client.FakeService.CannedResponse;
import io.agentledger.client.StreamItemJson;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Tests the commands that make one call to the service each. */
@Timeout(30)
class CommandsTest extends CliFixture {
  private static final String SESSION = "/api/v1/sessions/" + FakeService.SESSION;

  @BeforeEach
  void withoutColours() {
    environment.put("NO_COLOR", "1");
    environment.put("AGENTLEDGER_COMMAND", "./agentledger");
  }

  private void list(String path, String... items) {
    service.answer(
        "GET " + path,
        request ->
            new CannedResponse(
                200, "{\"items\":[" + String.join(",", items) + "],\"next_cursor\":null}"));
  }

  private static String waiting(String action) {
    return """
        {"session_id":"%s","action_id":"%s","type":"permission","run_id":"%s","thread_id":"%s",
         "tool_call_id":"%s","tool":"Bash","input":{"command":"npm test"},"input_digest":"d1",
         "requested_at":"2026-11-20T09:00:00Z"}"""
        .formatted(
            FakeService.SESSION, action, FakeService.RUN, FakeService.THREAD, FakeService.CALL);
  }

  @Test
  void waitingCallsAreListedWithTheCommandThatDecides() {
    list("/api/v1/pending-actions", waiting("act_dddddddddd"), waiting("act_eeeeeeeeee"));
    assertThat(runCli("", "approve")).isEqualTo(ExitCode.OK);
    assertThat(shown())
        .contains("ses_aaaaaaaaaa  Bash npm test\n  ./agentledger approve act_dddddddddd\n");
    assertThat(runCli("", "deny", FakeService.SESSION)).isEqualTo(ExitCode.FAILED);
    assertThat(service.requests(INPUTS)).isEmpty();
  }

  @Test
  void waitingCallIsDecidedByItsIdOrItsSession() {
    list("/api/v1/pending-actions", waiting("act_dddddddddd"));
    assertThat(runCli("", "approve", "--always", "act_dddddddddd")).isEqualTo(ExitCode.OK);
    assertThat(service.requests(INPUTS).getLast().body())
        .contains("\"decision\":\"allow\"", "\"input_digest\":\"d1\"", "\"remember\":\"tool\"");
    assertThat(runCli("", "deny", "--reason", "not now", FakeService.SESSION))
        .isEqualTo(ExitCode.OK);
    assertThat(service.requests(INPUTS).getLast().body())
        .contains("\"decision\":\"deny\"", "\"reason\":\"not now\"")
        .doesNotContain("remember");
    assertThat(shown()).contains("approved: ses_aaaaaaaaaa  Bash npm test", "denied: ");
  }

  @Test
  void sessionIsDeletedAfterAConfirmation() {
    service.answer("DELETE " + SESSION, request -> new CannedResponse(204, ""));
    list(SESSION + "/messages", StreamItemJson.prompt("What is here?"));
    assertThat(runCli("", "delete", FakeService.SESSION)).isEqualTo(ExitCode.FAILED);
    answer("n");
    assertThat(runCli("io", "delete", FakeService.SESSION)).isEqualTo(ExitCode.FAILED);
    assertThat(service.requests("DELETE " + SESSION)).isEmpty();
    answer("y");
    assertThat(runCli("io", "delete", FakeService.SESSION)).isEqualTo(ExitCode.OK);
    assertThat(shown()).contains("delete ses_aaaaaaaaaa (What is here?)?");
    assertThat(runCli("", "delete", "--yes", FakeService.SESSION)).isEqualTo(ExitCode.OK);
    assertThat(service.requests("DELETE " + SESSION)).hasSize(2);
  }

  @Test
  void sessionWithoutATitleIsListedWithItsFirstPrompt() {
    list("/api/v1/sessions", StreamItemJson.session("idle", 7));
    list(SESSION + "/messages", StreamItemJson.prompt("What is\\n here?"));
    runCli("", "sessions");
    assertThat(shown()).endsWith("What is here?\n");
  }

  @Test
  void filesAreListedAndCopied() throws Exception {
    list(
        SESSION + "/files",
        """
        {"path":"a.txt","type":"file","size_bytes":2048,"modified_at":"2026-11-20T09:00:00Z",
         "etag":"e"}""",
        """
        {"path":"src","type":"folder","size_bytes":0,"modified_at":"2026-11-20T09:00:00Z",
         "etag":""}""");
    service.answer(
        "GET " + SESSION + "/files/content", request -> new CannedResponse(200, "content"));
    runCli("", "files", FakeService.SESSION);
    assertThat(shown()).isEqualTo("   2.0 KiB  a.txt\n            src/\n");
    out.reset();
    runCli("", "get", FakeService.SESSION, "a.txt");
    assertThat(shown()).isEqualTo("content");
    assertThat(runCli("", "get", FakeService.SESSION, "a.txt", "-o", "b.txt"))
        .isEqualTo(ExitCode.OK);
    assertThat(folder.resolve("b.txt")).hasContent("content");
    assertThat(runCli("", "get", FakeService.SESSION, "a.txt", "-o", "b.txt"))
        .isEqualTo(ExitCode.USAGE);
  }

  @Test
  void policiesAndKeysAreListed() {
    list(
        "/api/v1/policies",
        """
        {"id":"pol_aaaaaaaaaa","scope":{"type":"tenant"},"name":"no network","enabled":true,
         "permits_bypass":false,"rules":[{"name":"r","effect":"deny","priority":0,
         "tools":["Bash"],"paths":[],"use":"any","commands":["curl"],"hosts":[],
         "approval_timeout_seconds":0,"reason":"offline"}],"advisories":[],"version":1,
         "created_at":"2026-11-20T09:00:00Z","updated_at":"2026-11-20T09:00:00Z"}""");
    list(
        "/api/v1/keys",
        """
        {"id":"key_aaaaaaaaaa","owner_id":"usr_aaaaaaaaaa","name":"ci","prefix":"al_abc",
         "scopes":["sessions:read"],"status":"active","created_at":"2026-11-20T09:00:00Z"}""");
    assertThat(runCli("", "policies")).isEqualTo(ExitCode.OK);
    assertThat(runCli("", "keys")).isEqualTo(ExitCode.OK);
    assertThat(shown())
        .contains("no network  pol_aaaaaaaaaa · all sessions\n  deny Bash: curl (offline)\n")
        .contains("key_aaaaaaaaaa  al_abc          active   never        ci");
  }

  @Test
  void stopNamesTheRunsThatGoOn() {
    list("/api/v1/sessions");
    service.answer(
        "GET /api/v1/sessions",
        request ->
            new CannedResponse(
                200,
                "{\"items\":["
                    + (request.path().contains("activity=running")
                        ? StreamItemJson.session("running", 7)
                        : "")
                    + "],\"next_cursor\":null}"));
    assertThat(runCli("", "stop")).isEqualTo(ExitCode.OK);
    assertThat(shown())
        .isEqualTo(
            "1 run in progress: the next start of the service continues (stop --now interrupts"
                + " runs before)\n");
    answer("x", "c");
    assertThat(runCli("io", "stop")).isEqualTo(ExitCode.INTERRUPTED);
    answer("s");
    assertThat(runCli("io", "stop")).isEqualTo(ExitCode.OK);
    assertThat(service.requests(INPUTS)).isEmpty();
  }

  @Test
  void stopNowInterruptsRunsAndWaitsForTheirEnd() {
    service.answer(
        "GET /api/v1/sessions",
        request ->
            new CannedResponse(
                200,
                "{\"items\":["
                    + (service.requests(INPUTS).isEmpty()
                            && request.path().contains("activity=waiting")
                        ? StreamItemJson.session("waiting", 7)
                        : "")
                    + "],\"next_cursor\":null}"));
    assertThat(runCli("", "stop", "--now")).isEqualTo(ExitCode.OK);
    assertThat(shown()).isEqualTo("1 run interrupted\n");
    assertThat(service.requests(INPUTS).getFirst().body()).contains("interrupt");
  }

  @Test
  void completionNamesCommandsAndOptions() throws Exception {
    assertThat(runCli("", "completion")).isEqualTo(ExitCode.OK);
    assertThat(shown()).contains("complete -F _complete_agentledger", "rewind", "--in-place");
    var check = new ProcessBuilder("bash", "-n").redirectErrorStream(true).start();
    try (var script = check.getOutputStream()) {
      script.write(shown().getBytes(StandardCharsets.UTF_8));
    }
    assertThat(check.waitFor()).isZero();
  }
}
