package io.agentledger.query.report;

import io.agentledger.api.identity.TenantId;
import io.agentledger.api.report.ExpiredReport;
import io.agentledger.api.report.ExpiredReportQuery.ListExpiredReports;
import io.agentledger.api.report.ReportId;
import io.agentledger.api.report.ReportLogo;
import io.agentledger.api.report.ReportQuery.FindReportSettings;
import io.agentledger.api.report.ReportSettings;
import io.agentledger.api.report.ReportSettingsId;
import io.agentledger.api.report.ReportSettingsView;
import io.agentledger.projection.report.ReportRowRepository;
import io.agentledger.projection.report.ReportSettingsRow;
import io.agentledger.projection.report.ReportSettingsRowRepository;
import io.agentledger.query.support.ContentReader;
import io.agentledger.query.support.ReadModelAccess;
import io.agentledger.store.support.UntrustedJson;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.axonframework.queryhandling.QueryHandler;
import org.jspecify.annotations.Nullable;
import org.springframework.data.domain.Limit;
import tools.jackson.databind.json.JsonMapper;

/** Answers queries about report settings, and about the reports that expire by them. */
record ReportSettingsQueryHandler(
    ReportSettingsRowRepository settings,
    ReportRowRepository reports,
    ReadModelAccess readModelAccess,
    ContentReader contentReader) {
  private static final JsonMapper JSON = UntrustedJson.MAPPER;

  @QueryHandler
  ReportSettingsView find(FindReportSettings query) {
    var id = ReportSettingsId.of(query.tenant());
    return readModelAccess
        .read(
            ReportQueryHandler.GROUP,
            id,
            settings::eventCountOf,
            () -> settings.findByIdAndTenant(id.value(), query.tenant().value()))
        .map(row -> view(id, row))
        .orElseGet(() -> view(ReportSettings.DEFAULT, null, 0));
  }

  private ReportSettingsView view(ReportSettingsId id, ReportSettingsRow row) {
    Optional<ReportLogo> logo =
        contentReader.map(id, row.logo(), text -> JSON.readValue(text, ReportLogo.class));
    return view(row.settings(), logo.orElse(null), row.version());
  }

  private static ReportSettingsView view(
      ReportSettings settings, @Nullable ReportLogo logo, long version) {
    return new ReportSettingsView(
        emptyToNull(settings.organization()),
        emptyToNull(settings.footer()),
        emptyToNull(settings.accentColor()),
        logo,
        settings.retention(),
        version);
  }

  private static @Nullable String emptyToNull(String text) {
    return text.isEmpty() ? null : text;
  }

  @QueryHandler
  List<ExpiredReport> list(ListExpiredReports query) {
    return findExpired(query);
  }

  private List<ExpiredReport> findExpired(ListExpiredReports query) {
    var expired = new ArrayList<ExpiredReport>();
    for (var row : settings.findAll())
      for (var rule : presentRetention(row)) {
        int left = query.limit() - expired.size();
        if (left <= 0) return expired;
        var before = query.now().minus(Duration.ofDays(rule.days()));
        reports
            .listEnded(row.tenant(), rule.type().name(), before, Limit.of(left))
            .forEach(
                report ->
                    expired.add(
                        new ExpiredReport(new TenantId(row.tenant()), new ReportId(report.id()))));
      }
    return expired;
  }

  /**
   * Returns the rules of a tenant; none while its row lacks events, as during a replay. An earlier
   * rule, which may keep reports for a shorter time, would delete them.
   */
  private List<ReportSettings.Retention> presentRetention(ReportSettingsRow row) {
    return readModelAccess.isCurrent(new ReportSettingsId(row.id()), row.eventCount())
        ? row.settings().retention()
        : List.of();
  }
}
