package io.agentledger.query.report;

import io.agentledger.api.cost.CostQuery.GroupBy;
import io.agentledger.api.identity.Caller;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.report.ReportContent;
import io.agentledger.api.report.ReportDefinition;
import io.agentledger.api.report.ReportFile;
import io.agentledger.api.report.ReportId;
import io.agentledger.api.report.ReportQuery.FindReport;
import io.agentledger.api.report.ReportQuery.ListReports;
import io.agentledger.api.report.ReportQuery.ReadReport;
import io.agentledger.api.report.ReportScheduleId;
import io.agentledger.api.report.ReportSettings;
import io.agentledger.api.report.ReportSettingsId;
import io.agentledger.api.report.ReportSubject.AccessAudit;
import io.agentledger.api.report.ReportSubject.PersonalData;
import io.agentledger.api.report.ReportSubject.RegulatoryRecords;
import io.agentledger.api.report.ReportSubject.SessionActivity;
import io.agentledger.api.report.ReportSubject.SessionTranscript;
import io.agentledger.api.report.ReportSubject.UsageAndCosts;
import io.agentledger.api.report.ReportView;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.shared.Page;
import io.agentledger.api.shared.Rejection.InsufficientScope;
import io.agentledger.api.shared.Rejection.NotFound;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.api.shared.ReportRejection.ReportNotCompleted;
import io.agentledger.projection.report.ReportRow;
import io.agentledger.projection.report.ReportRowRepository;
import io.agentledger.projection.report.ReportRowRepository.RowFilter;
import io.agentledger.projection.report.ReportSettingsRow;
import io.agentledger.projection.report.ReportSettingsRowRepository;
import io.agentledger.query.support.CursorCodec;
import io.agentledger.query.support.NewestFirstPosition;
import io.agentledger.query.support.ReadModelAccess;
import io.agentledger.query.support.SessionVisibility;
import io.agentledger.store.crypto.SealedBlobStore;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Objects;
import org.axonframework.queryhandling.QueryHandler;
import org.jspecify.annotations.Nullable;

/** Answers queries about reports, to their requesters. */
record ReportQueryHandler(
    ReportRowRepository reports,
    ReportSettingsRowRepository settings,
    SealedBlobStore files,
    SessionVisibility sessionVisibility,
    ReadModelAccess readModelAccess,
    CursorCodec cursorCodec) {
  static final String GROUP = "report";

  @QueryHandler
  @SuppressWarnings("rawtypes") // Axon finds no handler that returns a parameterized page.
  Page list(ListReports query, Caller caller) {
    readModelAccess.await(GROUP, query.page());
    var tenant = caller.tenant().value();
    var requester = caller.user().value();
    var filter = rowFilter(query);
    String[] cursorScope = {"reports", tenant, requester, filter.toString()};
    var after = NewestFirstPosition.from(cursorCodec, query.page(), cursorScope);
    var limit = CursorCodec.limitPlusOne(query.page());
    var current = settingsOf(caller);
    return cursorCodec
        .page(
            reports.page(tenant, requester, filter, after.at(), after.id(), limit),
            query.page(),
            row -> new NewestFirstPosition(row.createdAt(), row.id()),
            cursorScope)
        .map(row -> view(row, current));
  }

  private ReportSettings settingsOf(Caller caller) {
    var id = ReportSettingsId.of(caller.tenant());
    return settings
        .findById(id.value())
        .map(ReportSettingsRow::settings)
        .orElse(ReportSettings.DEFAULT);
  }

  private static RowFilter rowFilter(ListReports query) {
    var filter = query.filter();
    var session = filter.sessionId();
    var schedule = filter.scheduleId();
    return new RowFilter(
        filter.type() == null ? "" : filter.type().name(),
        filter.status() == null ? "" : filter.status().name(),
        session == null ? "" : session.value(),
        schedule == null ? "" : schedule.value(),
        Objects.requireNonNullElse(filter.sha256(), ""));
  }

  @QueryHandler
  ReportView find(FindReport query, Caller caller) {
    return view(find(query.reportId(), caller), settingsOf(caller));
  }

  /** Reads the file, if the caller may still see what it is about. */
  @QueryHandler
  ReportContent read(ReadReport query, Caller caller) {
    var row = find(query.reportId(), caller);
    var definition = row.definition();
    var missing = definition.subject().scopesOfReaders(row.principal());
    missing.removeAll(caller.scopes());
    if (!missing.isEmpty()) throw new RejectionException(InsufficientScope.allOf(missing));
    definition.subject().session().ifPresent(id -> sessionVisibility.require(caller, id));
    var file = row.file();
    if (file == null)
      throw new RejectionException(new ReportNotCompleted(row.id(), row.status().wireName()));
    var keyOwner = definition.keyOwner(query.reportId());
    return new ReportContent(
        view(row, settingsOf(caller)), files.get(keyOwner, ReportFile.PURPOSE, file.name()));
  }

  private ReportRow find(ReportId id, Caller caller) {
    return readModelAccess
        .read(
            GROUP,
            id,
            reports::eventCountOf,
            () -> reports.find(caller.tenant().value(), caller.user().value(), id.value()))
        .orElseThrow(() -> new RejectionException(NotFound.of(id)));
  }

  private static @Nullable Instant expiresAt(ReportRow row, ReportSettings settings) {
    var endedAt = row.endedAt();
    var days = settings.daysOf(row.definition().subject().reportType());
    return endedAt == null || days.isEmpty()
        ? null
        : endedAt.plus(Duration.ofDays(days.getAsInt()));
  }

  /** Parameters of a type; null if it does not have them. */
  record Parameters(
      @Nullable SessionId sessionId,
      @Nullable LocalDate from,
      @Nullable LocalDate to,
      @Nullable GroupBy groupBy,
      @Nullable UserId userId) {
    static Parameters of(ReportDefinition definition) {
      return switch (definition.subject()) {
        case SessionTranscript(var session) -> ofSession(session);
        case SessionActivity(var session) -> ofSession(session);
        case UsageAndCosts(var from, var to, var groupBy, var users) ->
            new Parameters(null, from, to, groupBy, first(users));
        case AccessAudit(var from, var to, var users) ->
            new Parameters(null, from, to, null, first(users));
        case RegulatoryRecords(var from, var to) -> new Parameters(null, from, to, null, null);
        case PersonalData(var user) -> new Parameters(null, null, null, null, user);
      };
    }

    private static Parameters ofSession(SessionId session) {
      return new Parameters(session, null, null, null, null);
    }

    private static @Nullable UserId first(List<UserId> users) {
      return users.isEmpty() ? null : users.getFirst();
    }
  }

  private static ReportView view(ReportRow row, ReportSettings settings) {
    var definition = row.definition();
    var parameters = Parameters.of(definition);
    var file = row.file();
    var schedule = row.scheduleId();
    var template = definition.template().isEmpty() ? null : definition.template().getFirst();
    return new ReportView(
        new ReportId(row.id()),
        new UserId(row.requester()),
        definition.subject().reportType(),
        definition.format(),
        definition.timeZone(),
        parameters.sessionId(),
        parameters.from(),
        parameters.to(),
        parameters.groupBy(),
        parameters.userId(),
        template == null ? null : template.templateId(),
        template == null ? null : template.version(),
        schedule == null ? null : new ReportScheduleId(schedule),
        row.status(),
        row.percent(),
        row.stage(),
        row.failure(),
        file == null ? null : file.bytes(),
        file == null ? null : file.sha256(),
        file == null ? null : "/api/v1/reports/" + row.id() + "/download",
        row.createdAt(),
        row.startedAt(),
        row.endedAt(),
        expiresAt(row, settings));
  }
}
