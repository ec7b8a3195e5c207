package io.agentledger.api.report;

import io.agentledger.api.cost.CostQuery.GroupBy;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.session.SessionId;
import java.time.Instant;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/**
 * Current state of a report. Parameters that its type does not have are null.
 *
 * @param requesterId user who requested it
 * @param format of the file
 * @param from first day of its period
 * @param to last day
 * @param groupBy what each row of a report of usage is about
 * @param userId user to whom it is limited
 * @param templateId template that it is made with
 * @param templateVersion version of the template
 * @param scheduleId schedule that requested it
 * @param percent progress, 0 to 100
 * @param stage what its job does; null before the start and after the end
 * @param failure null unless it failed
 * @param bytes size of the file; null until it is completed
 * @param sha256 SHA-256 of the file in hex; null until it is completed
 * @param downloadPath path of the file on the service; null until it is completed
 * @param expiresAt when it is deleted by the retention of its type; null before its end, and if it
 *     is kept until it is deleted
 */
public record ReportView(
    ReportId id,
    UserId requesterId,
    ReportType type,
    ReportFormat format,
    String timeZone,
    @Nullable SessionId sessionId,
    @Nullable LocalDate from,
    @Nullable LocalDate to,
    @Nullable GroupBy groupBy,
    @Nullable UserId userId,
    @Nullable ReportTemplateId templateId,
    @Nullable Long templateVersion,
    @Nullable ReportScheduleId scheduleId,
    ReportStatus status,
    int percent,
    @Nullable String stage,
    @Nullable ReportFailure failure,
    @Nullable Long bytes,
    @Nullable String sha256,
    @Nullable String downloadPath,
    Instant requestedAt,
    @Nullable Instant startedAt,
    @Nullable Instant endedAt,
    @Nullable Instant expiresAt) {
  /** Returns the name under which clients store the file. */
  public String fileName() {
    return type.wireName().replace('_', '-')
        + "-"
        + (sessionId == null ? id.value() : sessionId.value())
        + "."
        + format.fileExtension();
  }
}
