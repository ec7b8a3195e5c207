package io.agentledger.client.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentledger.client.FakeService.CannedResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Tests the commands about flows. */
@Timeout(120)
class FlowCommandsTest extends CliFixture {
  private static final String ID = "flw_aaaaaaaaaa";
  private static final String PATH = "/api/v1/flows/" + ID;

  @BeforeEach
  void answerFlows() {
    environment.put("NO_COLOR", "1");
    service.answer("GET " + PATH, request -> new CannedResponse(200, flow("awaiting_approval")));
    for (var step : new String[] {"approve", "reject", "cancel"})
      service.answer(
          "POST " + PATH + "/" + step, request -> new CannedResponse(200, flow("executing")));
  }

  private static String flow(String status) {
    return """
        {"id":"%s","status":"%s","owner":"usr_aaaaaaaaaa","origin":{"type":"manual"},
         "plan":null,
         "work":{"task":{"task_id":"tsk_aaaaaaaaaa","version":1,"name":"Work"},
           "execution_id":"exe_aaaaaaaaaa","session_id":null,"cost_usd":"0.25"},
         "decide_until":null,"source":null,"branch":null,"pull_request_url":null,"error":null,
         "cost_usd":"0.25","created_at":"2026-11-24T09:00:00Z","ended_at":null,
         "steps":[{"at":"2026-11-24T09:00:00Z","kind":"approved",
           "actor":{"type":"service","id":"agentledger"},
           "from":{"source_identity_id":"sid_aaaaaaaaaa","ip":null,"user_agent":null},
           "execution_id":null,"session_id":null,"cost_usd":null,"code":null,
           "text":"small\\u001b[31m","url":null,"branch":null}]}
        """
        .formatted(ID, status);
  }

  @Test
  void storyIsPrintedWithoutControlCharacters() {
    assertThat(runCli("", "flows", "show", ID)).isEqualTo(ExitCode.OK);
    assertThat(shown())
        .contains(ID, "awaiting approval", "$0.25", "Work")
        .contains("approved by the service (sid_aaaaaaaaaa): small")
        .doesNotContain("\u001b");
  }

  @Test
  void planIsPrintedAlone() {
    service.answer(
        "GET " + PATH + "/plan",
        request ->
            new CannedResponse(
                200,
                "{\"flow_id\":\""
                    + ID
                    + "\",\"text\":\"1. Begin.\\n2. End.\","
                    + "\"recorded_at\":\"2026-11-24T09:00:00Z\"}"));
    assertThat(runCli("", "flows", "show", "--plan", ID)).isEqualTo(ExitCode.OK);
    assertThat(shown()).isEqualTo("1. Begin.\n2. End.\n");
  }

  @Test
  void decisionsHaveTheirReason(@TempDir Path folder) throws Exception {
    assertThat(runCli("", "flows", "approve", "--reason", "small", ID)).isEqualTo(ExitCode.OK);
    assertThat(service.requests("POST " + PATH + "/approve").getLast().body())
        .isEqualTo("{\"reason\":\"small\"}");
    assertThat(runCli("", "flows", "reject", ID)).isEqualTo(ExitCode.OK);
    assertThat(runCli("", "flows", "cancel", ID)).isEqualTo(ExitCode.OK);
    service.answer("POST /api/v1/flows", request -> new CannedResponse(202, flow("executing")));
    var file = folder.resolve("flow.json");
    Files.writeString(file, "{\"work\": {\"task_id\": \"tsk_aaaaaaaaaa\"}}");
    assertThat(runCli("", "flows", "start", file.toString())).isEqualTo(ExitCode.OK);
    Files.writeString(file, "[]");
    assertThat(runCli("", "flows", "start", file.toString())).isEqualTo(ExitCode.USAGE);
  }

  @Test
  void listIsFiltered() {
    service.answer(
        "GET /api/v1/flows",
        request ->
            new CannedResponse(200, "{\"items\":[" + flow("planning") + "],\"next_cursor\":null}"));
    assertThat(runCli("", "flows", "list", "--status", "awaiting_approval")).isEqualTo(ExitCode.OK);
    assertThat(shown()).contains(ID, "planning");
  }
}
