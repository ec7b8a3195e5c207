package io.agentledger.client.report;

import io.agentledger.api.cost.CostQuery.GroupBy;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.report.ReportFormat;
import io.agentledger.api.report.ReportTemplateId;
import io.agentledger.api.report.ReportType;
import io.agentledger.api.session.SessionId;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Request for a report. Each type has its own parameters; the service rejects others.
 *
 * @param format null: PDF
 * @param sessionId of a session_transcript and session_activity
 * @param from first day of usage, access_audit and record_keeping
 * @param to last day
 * @param groupBy of usage; null: day
 * @param userId user to whom usage and access_audit are limited, or whose personal_data it is
 * @param timeZone name of the IANA database, in which times are shown; null: UTC
 * @param templateId template of the type; null: none
 */
public record ReportRequest(
    ReportType type,
    @Nullable ReportFormat format,
    @Nullable SessionId sessionId,
    @Nullable LocalDate from,
    @Nullable LocalDate to,
    @Nullable GroupBy groupBy,
    @Nullable UserId userId,
    @Nullable String timeZone,
    @Nullable ReportTemplateId templateId) {

  /** Returns a request for the messages and tool calls of a session. */
  public static ReportRequest transcript(SessionId session) {
    return ofSession(ReportType.SESSION_TRANSCRIPT, session);
  }

  /** Returns a request for a report about a session. */
  public static ReportRequest ofSession(ReportType type, SessionId session) {
    return new ReportRequest(type, null, session, null, null, null, null, null, null);
  }

  /** Returns a request for a report about a period, of which both days are part. */
  public static ReportRequest ofPeriod(ReportType type, LocalDate from, LocalDate to) {
    return new ReportRequest(type, null, null, from, to, null, null, null, null);
  }

  /** Returns a request for the data that is stored about the caller. */
  public static ReportRequest personalData() {
    return new ReportRequest(
        ReportType.PERSONAL_DATA, null, null, null, null, null, null, null, null);
  }

  public ReportRequest withFormat(ReportFormat newFormat) {
    return new ReportRequest(
        type, newFormat, sessionId, from, to, groupBy, userId, timeZone, templateId);
  }

  public ReportRequest withGroupBy(GroupBy newGroupBy) {
    return new ReportRequest(
        type, format, sessionId, from, to, newGroupBy, userId, timeZone, templateId);
  }

  public ReportRequest withUser(UserId newUser) {
    return new ReportRequest(
        type, format, sessionId, from, to, groupBy, newUser, timeZone, templateId);
  }

  public ReportRequest withTimeZone(String newTimeZone) {
    return new ReportRequest(
        type, format, sessionId, from, to, groupBy, userId, newTimeZone, templateId);
  }

  public ReportRequest withTemplate(ReportTemplateId newTemplate) {
    return new ReportRequest(
        type, format, sessionId, from, to, groupBy, userId, timeZone, newTemplate);
  }

  Map<String, Object> toBody() {
    var body = new LinkedHashMap<String, Object>();
    body.put("type", type);
    if (format != null) body.put("format", format);
    if (sessionId != null) body.put("session_id", sessionId);
    if (from != null) body.put("from", from.toString());
    if (to != null) body.put("to", to.toString());
    if (groupBy != null) body.put("group_by", groupBy.name().toLowerCase(Locale.ROOT));
    if (userId != null) body.put("user_id", userId);
    if (timeZone != null) body.put("time_zone", timeZone);
    if (templateId != null) body.put("template_id", templateId);
    return body;
  }
}
