package io.agentledger.client.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentledger.client.FakeService.CannedResponse;
import io.agentledger.client.ReportJson;
import io.agentledger.client.support.ClientJson;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** Tests the commands about settings, templates and schedules of reports. */
@Timeout(120)
class ReportConfigurationCommandTest extends CliFixture {
  private static final String SETTINGS = "/api/v1/report-settings";
  private static final String TEMPLATES = "/api/v1/report-templates";
  private static final String TEMPLATE = TEMPLATES + "/rtp_aaaaaaaaaa";
  private static final String SCHEDULES = "/api/v1/report-schedules";
  private static final String SCHEDULE = SCHEDULES + "/rsc_aaaaaaaaaa";
  private static final String BRANDED =
      """
      {"organization":"Acme","footer":null,"accent_color":"#1f5a96",\
      "logo":{"media_type":"image/png","data":"iVBORw0KGgo="},\
      "retention":[{"type":"usage","days":30}],"version":7}""";

  @BeforeEach
  void withoutColors() {
    environment.put("NO_COLOR", "1");
  }

  private void respond(String route, String body) {
    service.answer(route, request -> new CannedResponse(body.isEmpty() ? 204 : 200, body));
  }

  private void respondWithPage(String route, String item) {
    respond(route, "{\"items\":[" + item + "],\"next_cursor\":null}");
  }

  private String errors() {
    return err.toString(StandardCharsets.UTF_8);
  }

  private JsonNode sent(String route) {
    return ClientJson.MAPPER.readTree(service.requests(route).getLast().body());
  }

  private String ifMatch(String route) {
    return service.requests(route).getLast().headers().get("if-match");
  }

  private void write(String file, String content) throws IOException {
    Files.writeString(folder.resolve(file), content);
  }

  /** Runs a command whose output is JSON, and returns it. */
  private JsonNode shownJson(String... command) {
    assertThat(runCli("", command)).as(errors()).isEqualTo(ExitCode.OK);
    return ClientJson.MAPPER.readTree(shown());
  }

  @Test
  void settingsAreShownAsChangeTakesThem() throws IOException {
    respond("GET " + SETTINGS, BRANDED);
    respond("PUT " + SETTINGS, BRANDED.replace("7}", "8}"));
    var shown = shownJson("reports", "settings");
    assertThat(shown.path("logo").path("data").asString()).isEqualTo("iVBORw0KGgo=");
    write("settings.json", shown.toString());
    assertThat(runCli("", "reports", "settings", "change", "settings.json")).isEqualTo(ExitCode.OK);
    assertThat(sent("PUT " + SETTINGS)).isEqualTo(shown);
    assertThat(ifMatch("PUT " + SETTINGS)).isEqualTo("\"7\"");
    assertThat(shown()).endsWith("report settings · version 8\n");
  }

  @Test
  void terminalShowsTheSizeOfALogo() {
    respond("GET " + SETTINGS, BRANDED);
    assertThat(runCli("o", "reports", "settings")).isEqualTo(ExitCode.OK);
    assertThat(shown()).contains("image/png, 8 B").doesNotContain("iVBORw0KGgo=");
  }

  @Test
  void settingsAreReset() {
    respond("DELETE " + SETTINGS, "");
    assertThat(runCli("", "reports", "settings", "reset")).isEqualTo(ExitCode.OK);
    assertThat(service.requests("DELETE " + SETTINGS)).hasSize(1);
  }

  @Test
  void templatesAreListedShownCreatedAndChanged() throws IOException {
    respondWithPage("GET " + TEMPLATES, ReportJson.TEMPLATE);
    respond("GET " + TEMPLATE, ReportJson.TEMPLATE);
    respond("POST " + TEMPLATES, ReportJson.TEMPLATE);
    respond("PUT " + TEMPLATE, ReportJson.TEMPLATE.replace(":3,", ":4,"));
    respond("DELETE " + TEMPLATE, "");
    assertThat(runCli("", "reports", "templates")).isEqualTo(ExitCode.OK);
    assertThat(shown()).matches("rtp_aaaaaaaaaa  usage +Monthly · version 3\n");
    assertThat(runCli("", "reports", "templates", "archive", "rtp_aaaaaaaaaa"))
        .isEqualTo(ExitCode.OK);
    assertThat(service.requests("DELETE " + TEMPLATE)).hasSize(1);
    out.reset();
    var body = shownJson("reports", "templates", "show", "rtp_aaaaaaaaaa");
    assertThat(body)
        .isEqualTo(
            ClientJson.MAPPER.readTree(
                """
                {"name":"Monthly","type":"usage","introduction":"From {{from}}","closing":null,
                 "sections":["total"]}"""));
    write("template.json", body.toString());
    assertThat(runCli("", "reports", "templates", "create", "template.json"))
        .isEqualTo(ExitCode.OK);
    assertThat(sent("POST " + TEMPLATES)).isEqualTo(body);
    assertThat(runCli("", "reports", "templates", "change", "rtp_aaaaaaaaaa", "template.json"))
        .isEqualTo(ExitCode.OK);
    assertThat(sent("PUT " + TEMPLATE)).isEqualTo(body);
    assertThat(ifMatch("PUT " + TEMPLATE)).isEqualTo("\"3\"");
    assertThat(shown()).endsWith("Monthly · version 4\n");
  }

  @Test
  void templateIsPreviewedAsHtml() throws IOException {
    respond("POST " + TEMPLATES + "/preview", "<!DOCTYPE html>\n<p>From</p>");
    write("template.json", "{\"name\":\"Monthly\",\"type\":\"usage\"}");
    assertThat(runCli("", "reports", "templates", "preview", "template.json"))
        .isEqualTo(ExitCode.OK);
    assertThat(shown()).isEqualTo("<!DOCTYPE html>\n<p>From</p>\n");
  }

  @Test
  void schedulesAreListedWithTheReasonOfAPause() {
    respondWithPage(
        "GET " + SCHEDULES,
        ReportJson.SCHEDULE
            + ","
            + ReportJson.SCHEDULE
                .replace("\"paused\":false", "\"paused\":true")
                .replace(
                    "\"next_at\":\"2026-12-01T05:00:00Z\"", "\"pause_reason\":\"A.\\u001b[2J\""));
    assertThat(runCli("", "reports", "schedules")).isEqualTo(ExitCode.OK);
    assertThat(shown())
        .matches(
            "rsc_aaaaaaaaaa  usage +Monthly · 0 6 1 \\* \\* \\(Europe/Berlin\\)"
                + " · next 2026-12-01T05:00:00Z\n"
                + "rsc_aaaaaaaaaa  usage +Monthly · 0 6 1 \\* \\* \\(Europe/Berlin\\) · paused\n"
                + "  ! A\\..*\n");
    assertThat(shown()).doesNotContain("\u001b");
  }

  @Test
  void scheduleIsShownAsChangeTakesIt() throws IOException {
    respond("GET " + SCHEDULE, ReportJson.SCHEDULE);
    respond("POST " + SCHEDULES, ReportJson.SCHEDULE);
    respond("PUT " + SCHEDULE, ReportJson.SCHEDULE);
    var body = shownJson("reports", "schedules", "show", "rsc_aaaaaaaaaa");
    assertThat(body)
        .isEqualTo(
            ClientJson.MAPPER.readTree(
                """
                {"name":"Monthly","expression":"0 6 1 * *","time_zone":"Europe/Berlin",
                 "type":"usage","format":"csv","period":"previous_month","group_by":"user",
                 "template_id":"rtp_aaaaaaaaaa"}"""));
    write("schedule.json", body.toString());
    assertThat(runCli("", "reports", "schedules", "create", "schedule.json"))
        .isEqualTo(ExitCode.OK);
    assertThat(sent("POST " + SCHEDULES)).isEqualTo(body);
    assertThat(runCli("", "reports", "schedules", "change", "rsc_aaaaaaaaaa", "schedule.json"))
        .isEqualTo(ExitCode.OK);
    assertThat(sent("PUT " + SCHEDULE)).isEqualTo(body);
    assertThat(ifMatch("PUT " + SCHEDULE)).isEqualTo("\"4\"");
  }

  @Test
  void scheduleIsPausedResumedAndDeleted() {
    respond("POST " + SCHEDULE + "/pause", ReportJson.SCHEDULE);
    respond("POST " + SCHEDULE + "/resume", ReportJson.SCHEDULE);
    respond("DELETE " + SCHEDULE, "");
    for (var step : new String[] {"pause", "resume", "delete"})
      assertThat(runCli("", "reports", "schedules", step, "rsc_aaaaaaaaaa")).isEqualTo(ExitCode.OK);
    assertThat(service.requests("POST " + SCHEDULE + "/pause")).hasSize(1);
    assertThat(service.requests("POST " + SCHEDULE + "/resume")).hasSize(1);
    assertThat(service.requests("DELETE " + SCHEDULE)).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "reports templates create missing.json|FILE: missing.json cannot be read.",
        "reports templates create list.json|FILE: list.json is not a JSON object.",
        "reports schedules change rsc_aaaaaaaaaa list.json|FILE: list.json is not a JSON object.",
        "reports settings change list.json|FILE: list.json is not a JSON object.",
        "reports schedules pause 7|SCHEDULE: a report schedule's id must be rsc_",
        "reports --schedule x|--schedule: a report schedule's id must be rsc_",
      })
  void wrongUsageIsNamed(String command, String message) throws IOException {
    write("list.json", "[]");
    respond("GET " + SCHEDULE, ReportJson.SCHEDULE);
    respond("GET " + SETTINGS, BRANDED);
    assertThat(runCli("", command.split(" "))).isEqualTo(ExitCode.USAGE);
    assertThat(errors()).contains(message);
  }

  @Test
  void refusedFieldOfAFileIsNamed() throws IOException {
    service.answer(
        "POST " + SCHEDULES,
        request ->
            new CannedResponse(
                400,
                """
                {"code":"invalid_request","detail":"The request is not valid.","errors":[
                 {"pointer":"/expression","detail":"has no time: no such day exists"}]}"""));
    write("schedule.json", "{\"expression\":\"0 0 30 2 *\"}");
    assertThat(runCli("", "reports", "schedules", "create", "schedule.json"))
        .isNotEqualTo(ExitCode.OK);
    assertThat(errors()).contains("expression").contains("has no time: no such day exists");
  }
}
