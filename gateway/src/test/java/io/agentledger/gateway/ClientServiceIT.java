package io.agentledger.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import io.agentledger.api.agent.AgentSnapshot;
import io.agentledger.api.report.ReportFormat;
import io.agentledger.api.report.ReportQuery.ReportFilter;
import io.agentledger.api.report.ReportStatus;
import io.agentledger.api.report.ReportView;
import io.agentledger.api.session.AgentOverrides;
import io.agentledger.api.session.AgentSetup;
import io.agentledger.api.session.Attachment;
import io.agentledger.api.session.LifecycleStatus;
import io.agentledger.api.session.PermissionMode;
import io.agentledger.api.session.RunOverrides;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.SessionTools;
import io.agentledger.api.session.Thinking;
import io.agentledger.api.session.event.ActionEvent.Decision;
import io.agentledger.api.session.query.DirectoryView;
import io.agentledger.api.session.query.DirectoryView.Source;
import io.agentledger.api.session.stream.StreamItem;
import io.agentledger.api.shared.Json;
import io.agentledger.api.shared.Money;
import io.agentledger.api.shared.PageRequest;
import io.agentledger.api.workspace.FileView;
import io.agentledger.client.AgentledgerClient;
import io.agentledger.client.report.ReportRequest;
import io.agentledger.client.session.SessionDefinition;
import io.agentledger.client.session.SessionEventStream;
import io.agentledger.client.session.SessionInput;
import io.agentledger.client.session.SessionsClient;
import io.agentledger.client.session.SessionsClient.LifecycleAction;
import io.agentledger.client.support.ApiException;
import io.agentledger.client.support.ClientConfig;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Tests the Java client with the whole service. */
@Timeout(300)
class ClientServiceIT {
  private static final PageRequest FIRST = new PageRequest(50, null);
  private static final ApiTestServer server = ApiTestServer.sharedService();
  private static AgentledgerClient service;
  private static Path libs;

  @BeforeAll
  static void open(@TempDir Path host) throws IOException {
    libs = Files.createDirectory(host.toRealPath().resolve("libs"));
    for (var path : List.of(host, libs))
      Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxr-xr-x"));
    Files.writeString(libs.resolve("a.txt"), "content of a");
    service = AgentledgerClient.create(new ClientConfig(server.uri(""), server.key()));
  }

  @AfterAll
  static void close() {
    service.close();
  }

  private static SessionsClient sessions() {
    return service.sessions();
  }

  /** Submits the inputs and returns the stream items up to the run's result. */
  private static List<StreamItem.Body> responsesTo(
      SessionId session, SessionInput... sessionInputs) {
    var result = sessions().submit(session, List.of(sessionInputs));
    var reported = new ArrayList<StreamItem.Body>();
    try (var eventStream =
        sessions().stream(
            session, result.after(), SessionEventStream.ReconnectPolicy.defaults(lost -> {}))) {
      for (var item = eventStream.next(); item.isPresent(); item = eventStream.next()) {
        reported.add(item.get().body());
        if (item.get().body() instanceof StreamItem.Result) return reported;
      }
    }
    throw new AssertionError("no result: " + reported);
  }

  /** Returns the result of the run. */
  private static String answer(SessionId session, SessionInput... sessionInputs) {
    return ((StreamItem.Result) responsesTo(session, sessionInputs).getLast()).result();
  }

  private static SessionInput permissionPrompt(String prompt) {
    return new SessionInput.Prompt(prompt, RunOverrides.NONE);
  }

  private static SessionInput bashPrompt(String command) {
    return permissionPrompt(
        """
        ```rehearsal
        - calls:
            - tool: Bash
              input: {command: "%s", description: do it}
        - say: "{{last | lines 9}}"
        ```
        """
            .formatted(command));
  }

  @Test
  void sessionOpensWithItsCompleteAgentConfiguration() {
    var setup =
        new AgentSetup(
            "Explanatory",
            List.of(AgentSetup.SettingSource.PROJECT),
            List.of(),
            List.of(),
            "critic",
            List.of(),
            "Plan in rhymes.",
            true,
            AgentSetup.PreviewFormat.MARKDOWN,
            Map.of(
                "critic",
                new AgentSetup.Subagent(
                    "criticises",
                    "You criticise.",
                    List.of("Read"),
                    List.of(),
                    null,
                    AgentOverrides.Effort.LOW,
                    2,
                    List.of(),
                    false)),
            Map.of("GREETING", "hello"));
    var agent =
        new AgentOverrides(
            AgentOverrides.Effort.HIGH,
            new AgentOverrides.SystemPrompt(AgentSnapshot.SystemPrompt.APPEND, "Be brief."),
            List.of("Read", "Bash"),
            setup);
    var tool =
        new AgentSnapshot.ClientTool("weather", "tells it", new Json("{\"type\":\"object\"}"));
    var overrides =
        new RunOverrides(
            null,
            PermissionMode.PLAN,
            List.of("Bash(ls:*)"),
            null,
            3,
            Duration.ofMinutes(2),
            "claude-haiku-4-5",
            new Thinking.Enabled(2048),
            null,
            null);
    var session =
        sessions()
            .open(
                SessionDefinition.DEFAULT
                    .withTitle("all of it")
                    .with(overrides)
                    .with(agent)
                    .with(new SessionTools(List.of(), List.of(tool)))
                    .additionalDirectories(libs.toString())
                    .budget(Money.ofUsd("1.5")));
    assertThat(session.title()).isEqualTo("all of it");
    assertThat(session.options().permissionMode()).isEqualTo(PermissionMode.PLAN);
    assertThat(session.options().fallbackModel()).isEqualTo("claude-haiku-4-5");
    var events = sessions().events(session.id(), 0, 10).toString();
    assertThat(events)
        .contains("SessionOpened", "Explanatory", "critic", "GREETING", "weather", "\"libs\"")
        .doesNotContain("hello", libs.toString());
  }

  @Test
  void directoryAppliesFromTheNextQueryAndInvalidOnesAreNamed() {
    var session = sessions().open(SessionDefinition.DEFAULT).id();
    var readLibrary = bashPrompt("cat /mnt/libs/a.txt || echo nothing");
    assertThat(answer(session, readLibrary)).contains("nothing");
    assertThat(
            answer(session, new SessionInput.AddDirectories(List.of(libs.toString())), readLibrary))
        .contains("content of a");
    assertThatThrownBy(
            () ->
                sessions()
                    .submit(
                        session,
                        List.of(
                            new SessionInput.Interrupt(),
                            new SessionInput.AddDirectories(List.of(libs.toString(), "other")))))
        .isInstanceOfSatisfying(
            ApiException.class, exception -> assertThat(exception.status()).isEqualTo(400))
        .hasMessageContaining(
            "/inputs/1/directories/1: must be the name of a directory that the operator");
    assertThatThrownBy(
            () -> sessions().open(SessionDefinition.DEFAULT.additionalDirectories("/proc")))
        .hasMessageContaining("/options/additional_directories/0: must not contain files of the");
    assertThat(sessions().directories(session))
        .extracting(DirectoryView::path, DirectoryView::directory, DirectoryView::source)
        .containsExactly(tuple("/mnt/libs", null, Source.SESSION));
    assertThat(sessions().availableDirectories()).isEmpty();
    assertThat(answer(session, new SessionInput.RemoveDirectories(List.of("libs")), readLibrary))
        .contains("nothing");
    assertThat(sessions().directories(session)).isEmpty();
    assertThat(sessions().events(session, 0, 200).toString()).contains("DirectoryRemoved");
  }

  @Test
  void filesAreUploadedAndDownloaded() throws IOException {
    var session = sessions().open(SessionDefinition.DEFAULT).id();
    var files = sessions().files(session);
    var bytes = "one line\n".getBytes(StandardCharsets.UTF_8);
    var written = files.write("notes/a b.txt", bytes);
    assertThat(files.list("notes", FIRST).items())
        .extracting(FileView::path)
        .containsExactly("notes/a b.txt");
    try (var in = files.read("notes/a b.txt", 4, 4)) {
      assertThat(in.readAllBytes()).asString().isEqualTo("line");
    }
    assertThatThrownBy(
            () -> files.write("notes/a b.txt", BodyPublishers.ofByteArray(bytes), "another"))
        .isInstanceOfSatisfying(
            ApiException.class,
            exception -> assertThat(exception.code()).isEqualTo("file_changed"));
    files.write("notes/a b.txt", BodyPublishers.ofByteArray(bytes), written.etag());
    byte[] archive;
    try (var in = files.download()) {
      archive = in.readAllBytes();
    }
    assertThat(files.upload("copy", BodyPublishers.ofByteArray(archive)).bytes())
        .isGreaterThanOrEqualTo(bytes.length);
    files.delete("notes/a b.txt");
    assertThatThrownBy(() -> files.read("notes/a b.txt"))
        .isInstanceOfSatisfying(
            ApiException.class, exception -> assertThat(exception.status()).isEqualTo(404));
    try (var in = files.read("copy/notes/a b.txt")) {
      assertThat(in.readAllBytes()).isEqualTo(bytes);
    }
  }

  @Test
  void lifecycleIsControlledByTheClient() {
    var session = sessions().open(SessionDefinition.DEFAULT).id();
    responsesTo(session, bashPrompt("echo hello > file"));
    assertThat(sessions().rename(session, "another name").title()).isEqualTo("another name");
    assertThat(sessions().rename(session, null).title()).isNull();
    assertThat(sessions().rename(session, "a name").title()).isEqualTo("a name");
    assertThat(sessions().tag(session, Set.of("red")).tags()).containsExactly("red");
    assertThat(sessions().perform(session, LifecycleAction.PAUSE).lifecycle())
        .isEqualTo(LifecycleStatus.PAUSED);
    var waiting = sessions().submit(session, List.of(permissionPrompt("scenario: text")));
    sessions()
        .submit(
            session, List.of(new SessionInput.Withdraw(waiting.queries().getFirst().queryId())));
    assertThat(sessions().find(session).queued()).isZero();
    sessions().perform(session, LifecycleAction.UNPAUSE);
    assertThat(sessions().perform(session, LifecycleAction.ARCHIVE).lifecycle())
        .isEqualTo(LifecycleStatus.ARCHIVED);
    assertThat(sessions().perform(session, LifecycleAction.RESTORE).lifecycle())
        .isEqualTo(LifecycleStatus.OPEN);
    var copy = sessions().cloneSession(session);
    assertThat(copy.tags()).containsExactly("red");
    var branch = sessions().fork(session, null);
    assertThat(answer(branch.id(), bashPrompt("cat file"))).contains("hello");
    assertThat(sessions().perform(session, LifecycleAction.CLOSE).lifecycle())
        .isEqualTo(LifecycleStatus.CLOSED);
    sessions().delete(session);
    assertThatThrownBy(() -> sessions().find(session))
        .isInstanceOfSatisfying(
            ApiException.class, exception -> assertThat(exception.status()).isEqualTo(404));
  }

  @Test
  void pendingActionsAreListedAndDecidedAndTheModeIsChanged() throws Exception {
    var session = sessions().open(SessionDefinition.DEFAULT).id();
    var result =
        sessions()
            .submit(
                session,
                List.of(
                    new SessionInput.SetModel("claude-opus-4-8"),
                    permissionPrompt("scenario: ask-write")));
    try (var eventStream =
        sessions().stream(
            session, result.after(), SessionEventStream.ReconnectPolicy.defaults(lost -> {}))) {
      var request = eventStream.next();
      while (!(request.orElseThrow().body() instanceof StreamItem.Permission))
        request = eventStream.next();
    }
    var pending =
        await()
            .until(
                () ->
                    sessions().pendingActions(FIRST).items().stream()
                        .filter(action -> action.sessionId().equals(session))
                        .findFirst(),
                Optional::isPresent)
            .orElseThrow();
    responsesTo(
        session, new SessionInput.Decide(pending.actionId(), Decision.ALLOW, null, null, "fine"));
    await().until(() -> sessions().decisions(session, FIRST).items().size() == 1);
    sessions()
        .submit(session, List.of(new SessionInput.SetPermissionMode(PermissionMode.ACCEPT_EDITS)));
    assertThat(sessions().events(session, 0, 300).toString())
        .contains("ModelSet", "PermissionModeSet");
  }

  @Test
  void imageIsSentWithAPrompt() {
    var session = sessions().open(SessionDefinition.DEFAULT).id();
    var image = new Attachment(Attachment.AttachmentType.IMAGE, "image/png", "", "iVBORw0KGgoA");
    responsesTo(
        session, new SessionInput.Prompt("scenario: text", RunOverrides.NONE, List.of(image)));
    assertThat(sessions().events(session, 0, 200).toString())
        .contains("FilesAttached", "image/png");
  }

  @Test
  void reportIsMadeAndDownloaded(@TempDir Path folder) throws IOException {
    var session = sessions().open(SessionDefinition.DEFAULT.withTitle("Reported")).id();
    responsesTo(session, permissionPrompt("scenario: text"));
    var request = ReportRequest.transcript(session).withFormat(ReportFormat.HTML);
    var reports = service.reports();
    var states = new ArrayList<ReportView>();
    var report = reports.follow(reports.create(request).id(), states::add);
    assertThat(report.status()).isEqualTo(ReportStatus.COMPLETED);
    assertThat(states.getLast()).isEqualTo(report);
    var file = folder.resolve(report.fileName());
    reports.download(report, file);
    assertThat(file).content().contains("scenario: text");
    assertThat(reports.list(ReportFilter.ofSession(session), FIRST).items())
        .containsExactly(reports.find(report.id()));
    reports.delete(report.id());
    await().until(() -> reports.list(ReportFilter.ofSession(session), FIRST).items().isEmpty());
  }
}
