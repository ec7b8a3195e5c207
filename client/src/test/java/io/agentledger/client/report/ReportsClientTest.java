package io.agentledger.client.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentledger.api.report.ReportId;
import io.agentledger.api.report.ReportPeriod;
import io.agentledger.api.report.ReportQuery.ReportFilter;
import io.agentledger.api.report.ReportScheduleId;
import io.agentledger.api.report.ReportStatus;
import io.agentledger.api.report.ReportTemplateDefinition;
import io.agentledger.api.report.ReportType;
import io.agentledger.api.report.ReportView;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.shared.PageRequest;
import io.agentledger.client.AgentledgerClient;
import io.agentledger.client.FakeService;
import io.agentledger.client.FakeService.CannedResponse;
import io.agentledger.client.ReportJson;
import io.agentledger.client.report.ReportSchedulesClient.NewSchedule;
import io.agentledger.client.support.ApiException;
import io.agentledger.client.support.ClientJson;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Tests the client of reports with a fake service. */
@Timeout(120)
class ReportsClientTest {
  private static final String PATH = "/api/v1/reports/" + ReportJson.ID;
  private static final ReportId REPORT = new ReportId(ReportJson.ID);
  private static final String CONTENT = "content";

  private final FakeService service = new FakeService();
  private final AgentledgerClient client = AgentledgerClient.create(service.address());

  @TempDir Path folder;

  @AfterEach
  void end() {
    client.close();
    service.close();
  }

  private void respondInTurn(CannedResponse... responses) {
    Iterator<CannedResponse> next = List.of(responses).iterator();
    service.answer("GET " + PATH + "/progress", request -> next.next());
  }

  @Test
  void statesAreFollowedOverALostConnectionAndARestart() {
    respondInTurn(
        new CannedResponse(200, ReportJson.events(ReportJson.state("running", 10))),
        new CannedResponse(503, "{\"code\":\"unavailable\",\"detail\":\"It is starting.\"}"),
        new CannedResponse(
            200,
            ReportJson.events(ReportJson.state("running", 10), ReportJson.completed(CONTENT))));
    var states = new ArrayList<ReportView>();
    var last = client.reports().follow(REPORT, states::add);
    assertThat(last.status()).isEqualTo(ReportStatus.COMPLETED);
    assertThat(states).extracting(ReportView::percent).containsExactly(10, 100);
  }

  @Test
  void reportThatWasDeletedIsNotFollowedAnyMore() {
    respondInTurn(
        new CannedResponse(200, ReportJson.events(ReportJson.state("running", 10))),
        new CannedResponse(404, "{\"code\":\"report_not_found\",\"detail\":\"No such report.\"}"));
    assertThatThrownBy(() -> client.reports().follow(REPORT, state -> {}))
        .isInstanceOfSatisfying(
            ApiException.class,
            refusal -> assertThat(refusal.code()).isEqualTo("report_not_found"));
  }

  private ReportView completed() {
    respondInTurn(new CannedResponse(200, ReportJson.events(ReportJson.completed(CONTENT))));
    return client.reports().follow(REPORT, state -> {});
  }

  @Test
  void fileAppearsAsAWholeForItsOwnerOnly() throws IOException {
    service.answer("GET " + PATH + "/download", request -> new CannedResponse(200, CONTENT));
    var file = folder.resolve("report.pdf");
    var report = completed();
    client.reports().download(report, file);
    assertThat(file).hasContent(CONTENT);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThatThrownBy(() -> client.reports().download(report, file))
        .isInstanceOf(FileAlreadyExistsException.class);
    Files.writeString(file, "older");
    client.reports().download(report, file, StandardCopyOption.REPLACE_EXISTING);
    assertThat(file).hasContent(CONTENT);
    try (var files = Files.list(folder)) {
      assertThat(files).containsExactly(file);
    }
  }

  @Test
  void fileWithAnotherDigestDoesNotAppear() throws IOException {
    service.answer("GET " + PATH + "/download", request -> new CannedResponse(200, "cont"));
    assertThatThrownBy(() -> client.reports().download(completed(), folder.resolve("report.pdf")))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("SHA-256");
    try (var files = Files.list(folder)) {
      assertThat(files).isEmpty();
    }
  }

  @Test
  void reportsAreFiltered() {
    service.answer(
        "GET /api/v1/reports",
        request -> new CannedResponse(200, "{\"items\":[],\"next_cursor\":null}"));
    client
        .reports()
        .list(
            new ReportFilter(
                ReportType.SESSION_TRANSCRIPT,
                ReportStatus.COMPLETED,
                new SessionId(FakeService.SESSION),
                new ReportScheduleId("rsc_aaaaaaaaaa"),
                "0a".repeat(32)),
            new PageRequest(5, "a+b"));
    assertThat(service.requests("GET /api/v1/reports").getLast().path())
        .endsWith(
            "?limit=5&cursor=a%2Bb&type=session_transcript&status=completed"
                + "&session_id=ses_aaaaaaaaaa&schedule_id=rsc_aaaaaaaaaa&sha256="
                + "0a".repeat(32));
  }

  private JsonNode sent(String route) {
    return ClientJson.MAPPER.readTree(service.requests(route).getLast().body());
  }

  @Test
  void templateIsCreatedPreviewedAndChangedByItsVersion() {
    var path = "/api/v1/report-templates";
    service.answer("POST " + path, request -> new CannedResponse(201, ReportJson.TEMPLATE));
    service.answer(
        "POST " + path + "/preview", request -> new CannedResponse(200, "<html>a</html>"));
    service.answer(
        "PUT " + path + "/rtp_aaaaaaaaaa", request -> new CannedResponse(200, ReportJson.TEMPLATE));
    service.answer(
        "GET " + path + "/rtp_aaaaaaaaaa/versions",
        request -> new CannedResponse(200, "{\"items\":[],\"next_cursor\":null}"));
    var templates = client.reports().templates();
    var definition =
        new ReportTemplateDefinition(ReportType.USAGE, "From {{from}}", "", List.of("total"));
    var created = templates.create("Monthly", definition);
    assertThat(created.version()).isEqualTo(3);
    assertThat(sent("POST " + path))
        .isEqualTo(
            ClientJson.MAPPER.readTree(
                """
                {"name":"Monthly","type":"usage","introduction":"From {{from}}","closing":"",
                 "sections":["total"]}"""));
    assertThat(templates.preview("Monthly", definition)).isEqualTo("<html>a</html>");
    templates.change(created.id(), "Monthly", definition, created.version());
    assertThat(
            service.requests("PUT " + path + "/rtp_aaaaaaaaaa").getLast().headers().get("if-match"))
        .isEqualTo("\"3\"");
    assertThat(templates.versions(created.id(), new PageRequest(5, null)).items()).isEmpty();
    assertThatThrownBy(() -> templates.create("[]")).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void scheduleIsChangedByItsVersion() {
    var path = "/api/v1/report-schedules/rsc_aaaaaaaaaa";
    service.answer("GET " + path, request -> new CannedResponse(200, ReportJson.SCHEDULE));
    service.answer("PUT " + path, request -> new CannedResponse(200, ReportJson.SCHEDULE));
    var schedules = client.reports().schedules();
    var schedule = schedules.find(new ReportScheduleId("rsc_aaaaaaaaaa"));
    assertThat(schedule.templateVersion()).isEqualTo(2);
    var report = ReportRequest.ofPeriod(ReportType.USAGE, LocalDate.EPOCH, LocalDate.EPOCH);
    schedules.change(
        schedule.id(),
        new NewSchedule("Monthly", "0 6 1 * *", ReportPeriod.PREVIOUS_MONTH, report),
        schedule.version());
    assertThat(service.requests("PUT " + path).getLast().headers().get("if-match"))
        .isEqualTo("\"4\"");
    assertThat(sent("PUT " + path))
        .isEqualTo(
            ClientJson.MAPPER.readTree(
                """
                {"name":"Monthly","expression":"0 6 1 * *","type":"usage",
                 "period":"previous_month"}"""));
  }
}
