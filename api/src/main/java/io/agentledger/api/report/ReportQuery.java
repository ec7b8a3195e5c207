package io.agentledger.api.report;

import io.agentledger.api.identity.Scope;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.identity.security.RequiresScope;
import io.agentledger.api.identity.security.TenantScoped;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.shared.ConfigurationListQuery;
import io.agentledger.api.shared.PageRequest;
import io.agentledger.api.shared.StableName;
import org.jspecify.annotations.Nullable;

/** Queries about reports. A report is visible to its requester only. */
public sealed interface ReportQuery extends TenantScoped {
  /** Lists the caller's reports, newest first; returns a page of {@link ReportView}. */
  @RequiresScope({Scope.SESSIONS_READ, Scope.USAGE_READ, Scope.AUDIT_READ})
  @StableName("ListReports")
  record ListReports(TenantId tenant, ReportFilter filter, PageRequest page)
      implements ReportQuery {}

  /** Returns a {@link ReportView}. */
  @RequiresScope({Scope.SESSIONS_READ, Scope.USAGE_READ, Scope.AUDIT_READ})
  @StableName("FindReport")
  record FindReport(TenantId tenant, ReportId reportId) implements ReportQuery {}

  /** Returns the {@link ReportContent} of a completed report; needs the scopes of its type. */
  @RequiresScope({Scope.SESSIONS_READ, Scope.USAGE_READ, Scope.AUDIT_READ})
  @StableName("ReadReport")
  record ReadReport(TenantId tenant, ReportId reportId) implements ReportQuery {}

  /** Returns the {@link ReportSettingsView} of the tenant. */
  @RequiresScope({Scope.SESSIONS_READ, Scope.USAGE_READ, Scope.AUDIT_READ})
  @StableName("FindReportSettings")
  record FindReportSettings(TenantId tenant) implements ReportQuery {}

  /** Lists report templates, newest first; returns a page of {@link ReportTemplateView}. */
  @RequiresScope({Scope.SESSIONS_READ, Scope.USAGE_READ, Scope.AUDIT_READ})
  @StableName("ListReportTemplates")
  record ListReportTemplates(TenantId tenant, boolean includeArchived, PageRequest page)
      implements ReportQuery, ConfigurationListQuery {}

  /** Returns a {@link ReportTemplateView}. */
  @RequiresScope({Scope.SESSIONS_READ, Scope.USAGE_READ, Scope.AUDIT_READ})
  @StableName("FindReportTemplate")
  record FindReportTemplate(TenantId tenant, ReportTemplateId templateId) implements ReportQuery {}

  /** Lists versions, newest first; returns a page of {@link ReportTemplateVersionView}. */
  @RequiresScope({Scope.SESSIONS_READ, Scope.USAGE_READ, Scope.AUDIT_READ})
  @StableName("ListReportTemplateVersions")
  record ListReportTemplateVersions(TenantId tenant, ReportTemplateId templateId, PageRequest page)
      implements ReportQuery {}

  /** Returns a {@link ReportTemplateVersionView}. */
  @RequiresScope({Scope.SESSIONS_READ, Scope.USAGE_READ, Scope.AUDIT_READ})
  @StableName("FindReportTemplateVersion")
  record FindReportTemplateVersion(TenantId tenant, ReportTemplateRef template)
      implements ReportQuery {}

  /** Lists the caller's schedules, newest first; returns a page of {@link ReportScheduleView}. */
  @RequiresScope({Scope.SESSIONS_READ, Scope.USAGE_READ, Scope.AUDIT_READ})
  @StableName("ListReportSchedules")
  record ListReportSchedules(TenantId tenant, PageRequest page) implements ReportQuery {}

  /** Returns a {@link ReportScheduleView}. */
  @RequiresScope({Scope.SESSIONS_READ, Scope.USAGE_READ, Scope.AUDIT_READ})
  @StableName("FindReportSchedule")
  record FindReportSchedule(TenantId tenant, ReportScheduleId scheduleId) implements ReportQuery {}

  /**
   * Filter for reports; null does not restrict.
   *
   * @param sha256 SHA-256 of the file, in 64 lower-case hex digits
   */
  record ReportFilter(
      @Nullable ReportType type,
      @Nullable ReportStatus status,
      @Nullable SessionId sessionId,
      @Nullable ReportScheduleId scheduleId,
      @Nullable String sha256) {
    /** Filter of all reports. */
    public static final ReportFilter NONE = new ReportFilter(null, null, null, null, null);

    /** Returns the filter of the reports about a session. */
    public static ReportFilter ofSession(SessionId session) {
      return new ReportFilter(null, null, session, null, null);
    }
  }
}
