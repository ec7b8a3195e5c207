package io.agentledger.gateway.authorization;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.github.kagkarlsson.scheduler.SchedulerClient;
import com.github.kagkarlsson.scheduler.task.TaskInstanceId;
import io.agentledger.api.cost.CostQuery.GroupBy;
import io.agentledger.api.identity.Provenance;
import io.agentledger.api.identity.Role;
import io.agentledger.api.identity.Scope;
import io.agentledger.api.report.ReportDefinition;
import io.agentledger.api.report.ReportEvent;
import io.agentledger.api.report.ReportEvent.ReportCompleted;
import io.agentledger.api.report.ReportEvent.ReportDeleted;
import io.agentledger.api.report.ReportEvent.ReportRequested;
import io.agentledger.api.report.ReportEvent.ReportStarted;
import io.agentledger.api.report.ReportFile;
import io.agentledger.api.report.ReportFormat;
import io.agentledger.api.report.ReportId;
import io.agentledger.api.report.ReportSubject;
import io.agentledger.api.report.ReportSubject.PersonalData;
import io.agentledger.api.report.ReportSubject.UsageAndCosts;
import io.agentledger.api.shared.Ids;
import io.agentledger.api.task.ExecutionPrincipal;
import io.agentledger.gateway.RSocketTestClient;
import io.agentledger.store.crypto.SealedBlobStore;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.axonframework.common.transaction.TransactionManager;
import org.axonframework.eventhandling.GenericDomainEventMessage;
import org.axonframework.eventsourcing.eventstore.EventStore;
import org.axonframework.messaging.GenericMessage;
import org.axonframework.messaging.unitofwork.DefaultUnitOfWork;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/** Settings, templates and schedules of reports over REST and RSocket, with all modules. */
class ReportConfigurationIT extends ReportServiceSupport {
  @Test
  void settingsBrandReportsAndEndTheirRetention() throws IOException {
    user = fixture.join(fixture.createTenant(), Role.ADMIN);
    var settings =
        Map.<String, Object>of(
            "organization", "Acme",
            "footer", "Internal",
            "accent_color", "#8A1F5A",
            "logo", Map.of("media_type", "image/png", "data", pixel()),
            "retention", List.of(Map.of("type", "personal_data", "days", 1)));
    var changed = assertStatus(putSettings(settings, 0), 200);
    assertThat(changed.path("accent_color").asString()).isEqualTo("#8a1f5a");
    assertThat(changed.at("/logo/data").asString()).isEqualTo(pixel());
    assertThat(changed.path("version").asLong()).isEqualTo(1);
    assertStatus(putSettings(settings, 0), 412);
    assertThat(download(of("personal_data", "html")))
        .contains("Acme", "Internal", "--accent: #8a1f5a", "class=\"logo\"");
    var report = assertStatus(get(REPORTS), 200).at("/items/0");
    assertThat(Instant.parse(report.path("expires_at").asString()))
        .isEqualTo(Instant.parse(report.path("ended_at").asString()).plus(Duration.ofDays(1)));

    for (var wrong :
        List.of(
            Map.of("accent_color", "#ffff00"),
            Map.of("accent_color", "red"),
            Map.of("logo", Map.of("media_type", "image/svg+xml", "data", pixel())),
            Map.of("logo", Map.of("media_type", "image/jpeg", "data", pixel())),
            Map.of("retention", List.of(Map.of("type", "usage", "days", 0)))))
      assertStatus(putSettings(wrong, 1), 400);
    var reset = server.send(server.requestAs(bearer(), SETTINGS).DELETE());
    assertThat(reset.statusCode()).isEqualTo(204);
    assertThat(reset.headers().firstValue("ETag")).contains("\"2\"");
    var defaults = get(SETTINGS);
    assertThat(defaults.headers().firstValue("ETag")).contains("\"2\"");
    assertThat(assertStatus(defaults, 200).path("logo").isNull()).isTrue();
    assertStatus(putSettings(settings, 0), 412);
    assertStatus(putSettings(settings, 2), 200);
    user = fixture.join(user.tenant(), Role.AUDITOR);
    assertStatus(putSettings(Map.of(), 2), 403);
    assertStatus(get(SETTINGS), 200);
  }

  @Test
  void templateChoosesSectionsAndAddsTexts() {
    user = fixture.join(fixture.createTenant(), Role.ADMIN);
    var template =
        Map.of(
            "name", "Monthly",
            "type", "usage",
            "introduction",
                "Usage **from {{from}}** by {{{name_of_the_requester}}}.{{#nothing}}x{{/nothing}}",
            "closing", "Read {{title.class}}{{from.length}}.",
            "sections", List.of("total", "usage"));
    var preview = preview(template);
    assertThat(preview.statusCode()).as(preview.body()).isEqualTo(200);
    assertThat(preview.body()).contains("<strong>from 2026-11-01</strong>", "Read .");
    var created = assertStatus(post(TEMPLATES, template), 201);
    var id = created.path("id").asString();
    assertThat(assertStatus(post(TEMPLATES, template), 409).path("code").asString())
        .isEqualTo("name_taken");

    var today = LocalDate.now(ZoneOffset.UTC).toString();
    var request = of("usage", "json", "from", today, "to", today, "template_id", id);
    var report = JsonMapper.shared().readTree(download(request));
    assertThat(report.path("sections").valueStream().map(s -> s.path("title").asString()))
        .containsExactly("Introduction", "Total", "Usage by day", "Closing remarks");
    assertThat(report.at("/sections/0/blocks/0/text").asString())
        .startsWith("Usage **from " + today.replace("-", "\\-") + "** by Name");
    var view = assertStatus(get(REPORTS), 200).at("/items/0");
    assertThat(view.path("template_id").asString()).isEqualTo(id);
    assertThat(view.path("template_version").asLong()).isEqualTo(1);

    request.put("format", "csv");
    assertField(request, "/template_id");
    assertField(of("personal_data", "json", "template_id", id), "/template_id");
    for (var wrong :
        List.of(
            Map.entry("introduction", "{{#open}}"),
            Map.entry("closing", "{{>partial}}"),
            Map.entry("closing", "All: {{.}}"),
            Map.entry("introduction", "{{^other}}{{this}}{{/other}}"),
            Map.entry("sections", List.of("unknown")))) {
      var body = new HashMap<String, Object>(template);
      body.put(wrong.getKey(), wrong.getValue());
      assertStatus(post(TEMPLATES, body), 400);
    }
    user = fixture.join(user.tenant(), Role.AUDITOR);
    assertStatus(post(TEMPLATES, template), 403);
    assertThat(preview(template).statusCode()).isEqualTo(403);
    assertThat(assertStatus(get(TEMPLATES), 200).path("items")).hasSize(1);
    assertThat(assertStatus(get(TEMPLATES + "/" + id + "/versions"), 200).path("items")).hasSize(1);
  }

  private HttpResponse<String> preview(Map<String, ?> template) {
    return server.send(
        server
            .requestAs(bearer(), TEMPLATES + "/preview")
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(JsonMapper.shared().writeValueAsString(template))));
  }

  /** Returns the request for a schedule at the minute after the next one, of each hour. */
  private static Map<String, Object> soon() {
    var minute = LocalTime.now(ZoneOffset.UTC).plusSeconds(65).getMinute();
    var body = of("usage", "json", "period", "previous_day", "time_zone", "Europe/Berlin");
    body.putAll(Map.of("name", "Often", "expression", minute + " * * * *"));
    return body;
  }

  @Test
  void scheduleRequestsReportsAsItsOwner() {
    var body = soon();
    var schedule = assertStatus(post(SCHEDULES, body), 201);
    var id = schedule.path("id").asString();
    assertThat(schedule.path("next_at").asString()).isNotEmpty();
    var report =
        await()
            .atMost(Duration.ofSeconds(160))
            .until(
                () -> assertStatus(get(REPORTS + "?schedule_id=" + id), 200).at("/items/0"),
                item -> item.path("status").asString("").equals("completed"));
    var day =
        LocalDate.ofInstant(
            Instant.parse(report.path("requested_at").asString()), ZoneId.of("Europe/Berlin"));
    assertThat(report.path("from").asString()).isEqualTo(day.minusDays(1).toString());
    assertThat(report.path("to").asString()).isEqualTo(day.minusDays(1).toString());
    assertThat(report.path("schedule_id").asString()).isEqualTo(id);
    var paused = assertStatus(post(SCHEDULES + "/" + id + "/pause", Map.of()), 200);
    assertThat(paused.path("paused").asBoolean()).isTrue();
    assertThat(paused.path("next_at").isNull()).isTrue();
    var resumed = assertStatus(post(SCHEDULES + "/" + id + "/resume", Map.of()), 200);
    assertThat(resumed.path("paused").asBoolean()).isFalse();
    assertThat(assertStatus(get(SCHEDULES), 200).path("items")).hasSize(1);

    var owner = user;
    user = fixture.join(owner.tenant(), Role.ADMIN);
    assertStatus(get(SCHEDULES + "/" + id), 404);
    assertStatus(put(SCHEDULES + "/" + id, body, 1), 404);
    assertStatus(post(SCHEDULES + "/" + id + "/pause", Map.of()), 404);
    user = owner;
    var deleted = server.send(server.requestAs(bearer(), SCHEDULES + "/" + id).DELETE());
    assertThat(deleted.statusCode()).isEqualTo(204);
    assertStatus(get(SCHEDULES + "/" + id), 404);
  }

  @Test
  void invalidSchedulesAreRefused() {
    for (var wrong :
        Map.of(
                "61 * * * *", "invalid field 1 (minute)",
                "0 0 30 2 *", "has no time: no such day exists",
                "* * * * *", "must have one minute",
                "*/30 6 * * *", "must have one minute",
                "0,59 6 1 * *", "must have one minute")
            .entrySet()) {
      var body = soon();
      body.put("expression", wrong.getKey());
      assertThat(assertStatus(post(SCHEDULES, body), 400).at("/errors/0/pointer").asString())
          .isEqualTo("/expression");
      assertThat(post(SCHEDULES, body).body()).contains(wrong.getValue());
    }
    var body = soon();
    body.remove("period");
    assertStatus(post(SCHEDULES, body), 400);
    body.putAll(Map.of("type", "access_audit", "period", "previous_week"));
    assertStatus(post(SCHEDULES, body), 403); // A member.
  }

  @Test
  void scheduleIsChangedByItsVersion() {
    var created = post(SCHEDULES, soon());
    var id = assertStatus(created, 201).path("id").asString();
    assertThat(created.headers().firstValue("ETag")).contains("\"1\"");
    var path = SCHEDULES + "/" + id;
    assertStatus(post(path + "/pause", Map.of()), 200);
    var body = of("usage", "csv", "period", "previous_month");
    body.putAll(Map.of("name", "Monthly", "expression", "  0 6  1 * * "));
    var response = put(path, body, 1);
    var changed = assertStatus(response, 200);
    assertThat(response.headers().firstValue("ETag")).contains("\"2\"");
    assertThat(changed.path("expression").asString()).isEqualTo("0 6 1 * *");
    assertThat(changed.path("time_zone").asString()).isEqualTo("UTC");
    assertThat(changed.path("format").asString()).isEqualTo("csv");
    assertThat(changed.path("paused").asBoolean()).isTrue();
    assertThat(assertStatus(put(path, body, 1), 412).path("code").asString())
        .isEqualTo("version_conflict");
    assertStatus(put(path, of("usage", "csv", "name", "x", "expression", "0 0 1 1 *"), 2), 400);
    var withoutVersion =
        server.send(
            server
                .requestAs(bearer(), path)
                .header("Content-Type", "application/json")
                .PUT(BodyPublishers.ofString(JsonMapper.shared().writeValueAsString(body))));
    assertStatus(withoutVersion, 428);
    var resumed = assertStatus(post(path + "/resume", Map.of()), 200);
    assertThat(resumed.path("next_at").asString()).contains("-01T06:00:00Z");
    assertThat(resumed.path("version").asLong()).isEqualTo(2);
  }

  /** Appends the events of a report that was completed two days ago, and returns its id. */
  private ReportId completedTwoDaysAgo(ReportSubject subject) {
    var id = ReportId.next();
    var scopes = Set.of(Scope.SESSIONS_READ, Scope.USAGE_READ);
    var requester = new ExecutionPrincipal(user.user(), scopes, false);
    var file = server.bean(SealedBlobStore.class).put(id, ReportFile.PURPOSE, new byte[] {1});
    var definition = new ReportDefinition(subject, ReportFormat.JSON, "UTC");
    var at = Instant.now().minus(Duration.ofDays(2));
    append(
        List.of(
            new ReportRequested(id, requester, definition, List.of()),
            new ReportStarted(id, 1),
            new ReportCompleted(id, new ReportFile(file.name(), 1, "a".repeat(64)))),
        at);
    return id;
  }

  /** Appends the events in one transaction, so that the job of the report finds it completed. */
  private void append(List<ReportEvent> events, Instant at) {
    var provenance = Provenance.ofSystem(user.tenant(), "req_2222222222").asMetadata();
    var messages =
        IntStream.range(0, events.size())
            .mapToObj(number -> message(events.get(number), number, at))
            .map(
                message ->
                    message
                        .withMetaData(provenance)
                        .andMetaData(
                            Map.of(Provenance.CORRELATION, "cor", Provenance.CAUSATION, "cau")))
            .toList();
    var unit = DefaultUnitOfWork.startAndGet(messages.getFirst());
    unit.attachTransaction(server.bean(TransactionManager.class));
    unit.execute(() -> server.bean(EventStore.class).publish(messages));
  }

  private static GenericDomainEventMessage<ReportEvent> message(
      ReportEvent event, long number, Instant at) {
    return new GenericDomainEventMessage<>(
        "Report", event.reportId().value(), number, new GenericMessage<>(event), () -> at);
  }

  @Test
  void reportsAreDeletedWhenTheRetentionOfTheirTypeHasEnded() {
    user = fixture.join(fixture.createTenant(), Role.ADMIN);
    var today = LocalDate.now(ZoneOffset.UTC);
    var expired = completedTwoDaysAgo(new PersonalData(user.user()));
    var ofAnotherType =
        completedTwoDaysAgo(new UsageAndCosts(today, today, GroupBy.DAY, List.of()));
    var younger = request(of("personal_data", "json"));
    awaitEnd(younger);
    var admin = user;
    user = fixture.join(fixture.createTenant(), Role.ADMIN);
    var ofAnotherTenant = completedTwoDaysAgo(new PersonalData(user.user()));
    await().until(() -> ids(REPORTS).toList(), List.of(ofAnotherTenant.value())::equals);
    user = admin;
    assertThat(ids(REPORTS))
        .containsExactlyInAnyOrder(expired.value(), ofAnotherType.value(), younger);

    var rule = Map.of("type", "personal_data", "days", 1);
    assertStatus(putSettings(Map.of("retention", List.of(rule)), 0), 200);
    server
        .bean(SchedulerClient.class)
        .reschedule(TaskInstanceId.of("delete-expired-reports", "recurring"), Instant.now());
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> get(REPORTS + "/" + expired).statusCode(), status -> status == 404);
    assertThat(ids(REPORTS)).containsExactlyInAnyOrder(ofAnotherType.value(), younger);
    assertThat(server.bean(EventStore.class).readEvents(expired.value()).asStream().toList())
        .last()
        .satisfies(last -> assertThat(last.getPayload()).isInstanceOf(ReportDeleted.class));
  }

  @Test
  void rsocketOffersTheSameOperations() {
    try (var socket = new RSocketTestClient(server)) {
      var settings = socket.request("report-settings.get", Map.of());
      var branding =
          Map.<String, Object>of("version", settings.path("version").asLong(), "footer", "Own");
      assertThat(socket.request("report-settings.change", branding).path("footer").asString())
          .isEqualTo("Own");
      assertThatThrownBy(() -> socket.request("report-settings.change", branding))
          .hasMessageContaining("version_conflict");
      var reset = socket.request("report-settings.reset", Map.of());
      assertThat(reset.path("footer").isNull()).isTrue();
      assertThat(reset.path("version").asLong()).isEqualTo(settings.path("version").asLong() + 2);

      var name = Ids.random("rtp");
      var template =
          Map.<String, Object>of("name", name, "type", "usage", "introduction", "{{from}}");
      assertThat(
              socket
                  .route("report-templates.preview")
                  .data(template)
                  .retrieveMono(String.class)
                  .block(Duration.ofMinutes(1)))
          .contains("2026-11-01");
      var created = socket.request("report-templates.create", template);
      var templateRoute = "report-templates." + created.path("id").asString();
      assertThat(socket.request(templateRoute + ".get", Map.of())).isEqualTo(created);
      var change = new HashMap<>(template);
      change.putAll(Map.of("version", 1, "introduction", "{{to}}"));
      assertThat(socket.request(templateRoute + ".change", change).path("version").asLong())
          .isEqualTo(2);
      assertThat(socket.request(templateRoute + ".versions", Map.of()).path("items")).hasSize(2);
      assertThat(socket.request("report-templates.list", Map.of("limit", 100)).toString())
          .contains(name);

      var body = soon();
      body.put("template_id", created.path("id").asString());
      var schedule = socket.request("report-schedules.create", body);
      assertThat(schedule.path("template_version").asLong()).isEqualTo(2);
      socket.request(templateRoute + ".archive", Map.of());
      assertThat(socket.request(templateRoute + ".get", Map.of()).path("archived_at").isString())
          .isTrue();
      var route = "report-schedules." + schedule.path("id").asString();
      body.remove("template_id");
      body.putAll(Map.of("version", 1, "expression", "0 6 1 * *"));
      var changed = socket.request(route + ".change", body);
      assertThat(changed.path("template_id").isNull()).isTrue();
      assertThat(socket.request(route + ".pause", Map.of()).path("paused").asBoolean()).isTrue();
      assertThat(socket.request(route + ".resume", Map.of()).path("paused").asBoolean()).isFalse();
      assertThat(socket.request("report-schedules.list", Map.of("limit", 100)).toString())
          .contains(schedule.path("id").asString());
      socket.request(route + ".delete", Map.of());
      assertThatThrownBy(() -> socket.request(route + ".get", Map.of()))
          .hasMessageContaining("report_schedule_not_found");
      assertThatThrownBy(() -> socket.request("reports.list", Map.of("sha256", "x")))
          .hasMessageContaining("sha256");
      assertThat(socket.request("reports.list", Map.of("sha256", "0".repeat(64))).path("items"))
          .isEmpty();
    }
  }

  /** The document lists what a template can read in a report of each type. */
  @Tag("exhaustive")
  @Test
  void documentedValuesOfTemplatesAreThoseOfTheReports() throws IOException {
    user = fixture.join(fixture.createTenant(), Role.ADMIN);
    var session = sessionWithToolCall();
    assertStatus(putSettings(Map.of("organization", "Acme", "footer", "Internal"), 0), 200);
    var today = LocalDate.now(ZoneOffset.UTC).toString();
    var text = Files.readString(Path.of("..", "docs", "reports.md"));
    var page = text.substring(text.indexOf("texts beside the common ones"));
    for (var type :
        List.of(
            "session_transcript",
            "session_activity",
            "usage",
            "access_audit",
            "record_keeping",
            "personal_data")) {
      var body = of(type, "json");
      if (type.startsWith("session")) body.put("session_id", session);
      else if (!type.equals("personal_data")) body.putAll(Map.of("from", today, "to", today));
      if (type.equals("usage") || type.equals("access_audit"))
        body.put("user_id", user.user().value());
      var row = Pattern.compile("(?m)^\\| `" + type + "` \\| [^|]* \\| ([^|]*) \\|$").matcher(page);
      assertThat(row.find()).as(type).isTrue();
      var documented =
          Stream.of(row.group(1).split(", ")).map(value -> value.replace("`", "")).toList();
      var report = JsonMapper.shared().readTree(download(body));
      var common =
          List.of("report", "requested_by", "name_of_the_requester", "organization", "footer");
      var names =
          report
              .path("facts")
              .valueStream()
              .map(fact -> fact.path("name").asString().toLowerCase(Locale.ROOT))
              .map(name -> name.replaceAll("[^a-z]+", "_"))
              .filter(name -> !common.contains(name));
      assertThat(names).as(type).containsExactlyInAnyOrderElementsOf(documented);
    }
  }

  private HttpResponse<String> putSettings(Map<String, ?> settings, long version) {
    return put(SETTINGS, settings, version);
  }
}
