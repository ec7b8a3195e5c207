package io.agentledger.api.report;

import io.agentledger.api.cost.CostQuery.GroupBy;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.session.SessionId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Report schedule. Parameters that its type does not have are null.
 *
 * @param ownerId user as whom the reports are requested
 * @param expression minute, hour, day of month, month and day of week
 * @param timeZone of the times of the schedule and of its reports
 * @param period null if the type has none
 * @param groupBy what each row of a report of usage is about
 * @param userId user to whom the reports are limited
 * @param paused whether no reports are requested
 * @param pauseReason why the service paused it; null if the owner did
 * @param nextAt next time; null while it is paused
 */
public record ReportScheduleView(
    ReportScheduleId id,
    UserId ownerId,
    String name,
    String expression,
    String timeZone,
    ReportType type,
    ReportFormat format,
    @Nullable ReportPeriod period,
    @Nullable SessionId sessionId,
    @Nullable GroupBy groupBy,
    @Nullable UserId userId,
    @Nullable ReportTemplateId templateId,
    boolean paused,
    @Nullable String pauseReason,
    @Nullable Instant nextAt,
    Instant createdAt,
    Instant updatedAt) {}
