package io.agentledger.client.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import io.agentledger.client.FakeService;
import io.agentledger.client.FakeService.CannedResponse;
import io.agentledger.client.ReportJson;
import io.agentledger.client.support.ClientJson;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.ZoneId;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import sun.misc.Signal;

/** Tests the commands about reports. */
@Timeout(120)
class ReportCommandTest extends CliFixture {
  private static final String REPORTS = "/api/v1/reports";
  private static final String REPORT = REPORTS + "/" + ReportJson.ID;
  private static final String DEFAULT_NAME = "session-transcript-ses_aaaaaaaaaa.pdf";
  private static final String CONTENT = "content of the report";

  @BeforeEach
  void completeReports() {
    environment.put("NO_COLOR", "1");
    environment.put("AGENTLEDGER_COMMAND", "./agentledger");
    service.answer(
        "POST " + REPORTS, request -> new CannedResponse(202, ReportJson.state("queued", 0)));
    follow(ReportJson.state("running", 50), ReportJson.completed(CONTENT));
    service.answer(
        "GET " + REPORT, request -> new CannedResponse(200, ReportJson.completed(CONTENT)));
    service.answer("GET " + REPORT + "/download", request -> new CannedResponse(200, CONTENT));
    service.answer("DELETE " + REPORT, request -> new CannedResponse(204, ""));
    service.answer(
        "POST " + REPORT + "/cancel",
        request -> new CannedResponse(200, ReportJson.state("cancelled", 50)));
  }

  private void follow(String... states) {
    service.answer(
        "GET " + REPORT + "/progress",
        request -> new CannedResponse(200, ReportJson.events(states)));
  }

  private String errors() {
    return err.toString(StandardCharsets.UTF_8);
  }

  private String requested() {
    return service.requests("POST " + REPORTS).getLast().body();
  }

  @Test
  void transcriptIsStoredAndItsPathIsAllOfTheOutput() throws Exception {
    assertThat(runCli("", "report", FakeService.SESSION)).isEqualTo(ExitCode.OK);
    assertThat(shown()).isEqualTo(DEFAULT_NAME + "\n");
    assertThat(errors()).isEmpty();
    try (var files = Files.list(folder)) {
      assertThat(files).containsExactly(folder.resolve(DEFAULT_NAME));
    }
    assertThat(folder.resolve(DEFAULT_NAME)).hasContent(CONTENT);
    assertThat(ClientJson.MAPPER.readTree(requested()))
        .isEqualTo(
            ClientJson.MAPPER.readTree(
                """
                {"type":"session_transcript","session_id":"ses_aaaaaaaaaa","time_zone":"%s"}"""
                    .formatted(ZoneId.systemDefault().getId())));
  }

  @Test
  void progressIsShownOnATerminal() {
    assertThat(runCli("oe", "report", FakeService.SESSION)).isEqualTo(ExitCode.OK);
    assertThat(errors())
        .contains("█".repeat(12) + "░".repeat(12) + "  50 %  running  messages")
        .contains("█".repeat(24) + " 100 %  completed");
    assertThat(shown()).isEqualTo(DEFAULT_NAME + "\n");
  }

  @ParameterizedTest
  @CsvSource({"a.html,html", "a.HTM,html", "a.md,markdown", "a.json,json"})
  void extensionNamesTheFormat(String file, String format) {
    assertThat(runCli("", "report", FakeService.SESSION, "-o", file)).isEqualTo(ExitCode.OK);
    assertThat(requested()).contains("\"format\":\"" + format + "\"");
    assertThat(folder.resolve(file)).hasContent(CONTENT);
  }

  @Test
  void extensionOfNoFormatIsRefused() {
    assertThat(runCli("", "report", FakeService.SESSION, "-o", "a.xls")).isEqualTo(ExitCode.USAGE);
    assertThat(runCli("", "report", FakeService.SESSION, "-o", "b.txt", "--format", "json"))
        .isEqualTo(ExitCode.OK);
    assertThat(folder.resolve("a.xls")).doesNotExist();
  }

  @Test
  void formatThatIsNamedWins() {
    runCli("", "report", FakeService.SESSION, "-o", "transcript");
    assertThat(requested()).doesNotContain("format");
    runCli("", "report", FakeService.SESSION, "-o", "a.html", "--format", "markdown");
    assertThat(requested()).contains("\"format\":\"markdown\"");
  }

  @Test
  void fileIsWrittenToStandardOutput() throws Exception {
    assertThat(runCli("", "report", FakeService.SESSION, "-o", "-")).isEqualTo(ExitCode.OK);
    assertThat(shown()).isEqualTo(CONTENT);
    try (var files = Files.list(folder)) {
      assertThat(files).isEmpty();
    }
  }

  @Test
  void terminalShowsTextWithoutItsControlCharacters() {
    var text = "# Title\n\u001b[2Jend";
    follow(ReportJson.completed(text).replace("\"pdf\"", "\"markdown\""));
    service.answer("GET " + REPORT + "/download", request -> new CannedResponse(200, text));
    service.answer(
        "POST " + REPORTS,
        request ->
            new CannedResponse(
                202, ReportJson.state("queued", 0).replace("\"pdf\"", "\"markdown\"")));
    assertThat(runCli("o", "report", FakeService.SESSION, "--format", "markdown", "-o", "-"))
        .isEqualTo(ExitCode.OK);
    assertThat(shown()).isEqualTo("# Title\n[2Jend\n");
  }

  @Test
  void terminalIsSparedAPdf() {
    assertThat(runCli("o", "report", FakeService.SESSION, "-o", "-")).isEqualTo(ExitCode.USAGE);
    assertThat(errors()).contains("a PDF cannot be shown on a terminal; redirect it to a file.");
    assertThat(service.requests("DELETE " + REPORT)).hasSize(1);
  }

  @Test
  void fileIsReplacedOnRequestOnly() throws Exception {
    var file = folder.resolve("a.pdf");
    Files.writeString(file, "mine");
    assertThat(runCli("", "report", FakeService.SESSION, "-o", "a.pdf")).isEqualTo(ExitCode.USAGE);
    assertThat(errors()).contains("There is a file a.pdf already; --force replaces it.");
    assertThat(service.requests("POST " + REPORTS)).isEmpty();
    Files.createSymbolicLink(folder.resolve("link.pdf"), file);
    assertThat(runCli("", "report", FakeService.SESSION, "-o", "link.pdf", "--force"))
        .isEqualTo(ExitCode.OK);
    assertThat(file).hasContent(CONTENT);
    assertThat(folder.resolve("link.pdf")).isSymbolicLink();
  }

  @Test
  void reportWhoseFileExistsIsDeleted() throws Exception {
    Files.writeString(folder.resolve(DEFAULT_NAME), "mine");
    assertThat(runCli("", "report", FakeService.SESSION)).isEqualTo(ExitCode.USAGE);
    assertThat(errors()).contains(DEFAULT_NAME + " already; --force replaces it.");
    assertThat(folder.resolve(DEFAULT_NAME)).hasContent("mine");
    assertThat(service.requests("DELETE " + REPORT)).hasSize(1);
  }

  @Test
  void fileWithAnotherDigestIsRefused() throws Exception {
    service.answer("GET " + REPORT + "/download", request -> new CannedResponse(200, "other"));
    assertThat(runCli("", "report", FakeService.SESSION)).isEqualTo(ExitCode.SERVICE);
    assertThat(errors()).contains("its SHA-256 is").contains(ReportJson.sha256(CONTENT));
    try (var files = Files.list(folder)) {
      assertThat(files).isEmpty();
    }
  }

  @Test
  void usageIsRequestedWithItsParameters() throws Exception {
    assertThat(
            runCli(
                "",
                "report",
                "--type=usage",
                "--from=2026-11-01",
                "--to=2026-11-30",
                "--by=user",
                "--user=usr_aaaaaaaaaa",
                "--time-zone=Europe/Berlin",
                "-o",
                "usage.csv"))
        .isEqualTo(ExitCode.OK);
    assertThat(ClientJson.MAPPER.readTree(requested()))
        .isEqualTo(
            ClientJson.MAPPER.readTree(
                """
                {"type":"usage","format":"csv","from":"2026-11-01","to":"2026-11-30",
                 "group_by":"user","user_id":"usr_aaaaaaaaaa","time_zone":"Europe/Berlin"}"""));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "report|SESSION is required for a report of type session_transcript.",
        "report --type usage --to 2026-11-01|--from and --to are required for a report of type",
        "report --type diary|is not one of session_transcript, session_activity, usage,",
        "report --type usage --from November|--from: 'November' is not a day such as 2026-11-30",
        "report ses_aaaaaaaaaa -o missing/a.pdf|--output: the folder of missing/a.pdf does not",
        "report ses_aaaaaaaaaa -o .|--output: . is not a file.",
        "reports show 7|REPORT: a report's id must be rep_",
      })
  void wrongUsageIsNamed(String command, String message) {
    assertThat(runCli("", command.split(" "))).isEqualTo(ExitCode.USAGE);
    assertThat(errors()).contains(message);
    assertThat(service.requests("POST " + REPORTS)).isEmpty();
  }

  @Test
  void refusedParameterIsNamedAsItWasTyped() {
    service.answer(
        "POST " + REPORTS,
        request ->
            new CannedResponse(
                400,
                """
                {"code":"invalid_request","detail":"The request is not valid.","errors":[
                 {"pointer":"/group_by","detail":"must be absent for session_transcript"}]}"""));
    assertThat(runCli("", "report", FakeService.SESSION, "--by", "user")).isEqualTo(ExitCode.USAGE);
    assertThat(errors()).contains("agentledger: --by: must be absent for session_transcript");
  }

  @Test
  void failureOfAReportIsPrinted() {
    follow(ReportJson.failed("report_too_large", "The report exceeds 64 MiB."));
    assertThat(runCli("", "report", FakeService.SESSION)).isEqualTo(ExitCode.FAILED);
    assertThat(errors())
        .isEqualTo(
            "agentledger: rep_aaaaaaaaaa failed: The report exceeds 64 MiB. (report_too_large)\n");
    assertThat(shown()).isEmpty();
  }

  @Test
  void controlCCancelsTheReport() throws Exception {
    assumeThat(AgentledgerCliTest.interruptsAreIgnored()).isFalse();
    var cancelled = new CompletableFuture<CannedResponse>();
    service.answer("GET " + REPORT + "/progress", request -> cancelled.join());
    service.answer(
        "POST " + REPORT + "/cancel",
        request -> {
          var state = ReportJson.state("cancelled", 50);
          cancelled.complete(new CannedResponse(200, ReportJson.events(state)));
          return new CannedResponse(200, state);
        });
    var program = new FutureTask<>(() -> runCli("", "report", FakeService.SESSION));
    Thread.ofPlatform().start(program);
    await().until(() -> !service.requests("GET " + REPORT + "/progress").isEmpty());
    Signal.raise(new Signal("INT"));
    assertThat(program.get()).isEqualTo(ExitCode.INTERRUPTED);
    assertThat(service.requests("POST " + REPORT + "/cancel")).hasSize(1);
    assertThat(errors()).contains("! cancelling the report");
    try (var files = Files.list(folder)) {
      assertThat(files).isEmpty();
    }
  }

  @Test
  void reportsAreListedShownDownloadedAndDeleted() throws IOException {
    service.answer(
        "GET " + REPORTS,
        request ->
            new CannedResponse(
                200,
                "{\"items\":[%s,%s],\"next_cursor\":null}"
                    .formatted(ReportJson.state("running", 50), ReportJson.completed(CONTENT))));
    assertThat(runCli("", "reports", "--limit", "7")).isEqualTo(ExitCode.OK);
    assertThat(service.requests("GET " + REPORTS).getLast().path()).endsWith("?limit=7");
    assertThat(shown())
        .containsPattern(
            "rep_aaaaaaaaaa  running    session_transcript  pdf +50 %  .* ago +ses_aaaaaaaaaa\n"
                + "rep_aaaaaaaaaa  completed  session_transcript  pdf +21 B  .* ago +ses_a{10}\n");
    var hash = ReportJson.sha256(CONTENT);
    assertThat(runCli("", "reports", "--sha256", hash, "--schedule", "rsc_aaaaaaaaaa"))
        .isEqualTo(ExitCode.OK);
    assertThat(service.requests("GET " + REPORTS).getLast().path())
        .endsWith("?limit=20&schedule_id=rsc_aaaaaaaaaa&sha256=" + hash);
    assertThat(runCli("", "reports", "show", ReportJson.ID)).isEqualTo(ExitCode.OK);
    assertThat(shown()).endsWith("  SHA-256 " + ReportJson.sha256(CONTENT) + "\n");
    assertThat(runCli("", "reports", "get", ReportJson.ID, "-o", "b.pdf")).isEqualTo(ExitCode.OK);
    assertThat(folder.resolve("b.pdf")).hasContent(CONTENT);
    assertThat(runCli("", "reports", "delete", ReportJson.ID)).isEqualTo(ExitCode.OK);
    assertThat(service.requests("DELETE " + REPORT)).hasSize(1);
  }
}
