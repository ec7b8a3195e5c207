package io.agentledger.client.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentledger.client.FakeService.CannedResponse;
import io.agentledger.client.SubscriptionJson;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Tests the commands about subscriptions. */
@Timeout(120)
class SubscriptionCommandsTest extends CliFixture {
  private static final String PATH = "/api/v1/subscriptions";
  private static final String ONE = PATH + "/" + SubscriptionJson.ID;

  @BeforeEach
  void withoutColor() {
    environment.put("NO_COLOR", "1");
  }

  private void respond(String request, int status, String body) {
    service.answer(request, received -> new CannedResponse(status, body));
  }

  @Test
  void createdSubscriptionIsPrintedWithItsSecret() {
    respond("POST " + PATH, 201, SubscriptionJson.subscription("active", "\"whsec_abc\""));
    var url = "https://ci.example.com/hook";
    assertThat(
            runCli(
                "",
                "subscriptions",
                "create",
                "CI",
                url,
                "--event",
                "run.completed",
                "--task",
                "tsk_7k2m9pq4xw"))
        .isEqualTo(ExitCode.OK);
    assertThat(shown()).isEqualTo(SubscriptionJson.ID + "  whsec_abc\n");
    assertThat(service.requests("POST " + PATH).getFirst().body())
        .contains("\"event_types\":[\"run.completed\"]", "\"ownership\":\"mine\"")
        .contains("\"task_ids\":[\"tsk_7k2m9pq4xw\"]");
  }

  @Test
  void refusedEventTypeIsReportedAboutItsOption() {
    respond(
        "POST " + PATH,
        400,
        """
        {"code":"invalid_request","detail":"The request is not valid.",
         "errors":[{"pointer":"/event_types/0","detail":"must be *, or one of run.completed"}]}
        """);
    assertThat(runCli("", "subscriptions", "create", "CI", "https://a.b/", "--event", "x"))
        .isNotEqualTo(ExitCode.OK);
    assertThat(err.toString(StandardCharsets.UTF_8)).contains("--event: must be *");
  }

  @Test
  void subscriptionsAreListedWithTheReasonOfTheirEnd() {
    respond(
        "GET " + PATH,
        200,
        "{\"items\":["
            + SubscriptionJson.subscription("disabled", "null")
            + "],\"next_cursor\":null}");
    assertThat(runCli("", "subscriptions")).isEqualTo(ExitCode.OK);
    assertThat(shown()).contains("disabled", "https://ci.example.com/hook", "(gone)");
  }

  @Test
  void testFailsIfTheTargetDoesNotAccept() {
    var test = "POST " + ONE + "/test";
    respond(
        test,
        200,
        """
        {"accepted":false,"http_status":null,"failure":"its target did not respond in time",
         "duration_ms":10000}
        """);
    assertThat(runCli("", "subscriptions", "test", SubscriptionJson.ID)).isEqualTo(ExitCode.FAILED);
    assertThat(shown()).contains("no response after 10000 ms: its target did not respond");
    respond(
        test, 200, "{\"accepted\":true,\"http_status\":204,\"failure\":null,\"duration_ms\":5}");
    assertThat(runCli("", "subscriptions", "test", SubscriptionJson.ID)).isEqualTo(ExitCode.OK);
  }

  @Test
  void deliveriesAreListedByStatusAndSentAgain() {
    respond(
        "GET " + ONE + "/deliveries",
        200,
        "{\"items\":[" + SubscriptionJson.delivery() + "],\"next_cursor\":null}");
    assertThat(runCli("", "subscriptions", "deliveries", SubscriptionJson.ID, "--status", "dead"))
        .isEqualTo(ExitCode.OK);
    assertThat(shown()).contains(SubscriptionJson.DELIVERY, "dead", "run.completed", "503");
    assertThat(service.requests("GET " + ONE + "/deliveries").getFirst().path())
        .endsWith("?limit=20&status=dead");

    var again = ONE + "/deliveries/" + SubscriptionJson.DELIVERY + "/redeliver";
    respond("POST " + again, 202, SubscriptionJson.delivery());
    assertThat(
            runCli(
                "", "subscriptions", "redeliver", SubscriptionJson.ID, SubscriptionJson.DELIVERY))
        .isEqualTo(ExitCode.OK);
    assertThat(service.requests("POST " + again)).hasSize(1);
  }

  @Test
  void subscriptionIsPausedResumedShownAndDeleted() {
    respond("POST " + ONE + "/pause", 200, SubscriptionJson.subscription("paused", "null"));
    respond("POST " + ONE + "/resume", 200, SubscriptionJson.subscription("active", "null"));
    respond("GET " + ONE, 200, SubscriptionJson.subscription("active", "null"));
    respond("DELETE " + ONE, 204, "");
    for (var step : new String[] {"pause", "resume", "show", "delete"})
      assertThat(runCli("", "subscriptions", step, SubscriptionJson.ID)).isEqualTo(ExitCode.OK);
    assertThat(shown()).contains("paused", "active", "run.completed", "is deleted");
  }
}
