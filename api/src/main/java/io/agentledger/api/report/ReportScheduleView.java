package io.agentledger.api.report;

import io.agentledger.api.cost.CostQuery.GroupBy;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.shared.Versioned;
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
 * @param templateVersion version of the template, that of the last change of the schedule
 * @param paused whether no reports are requested
 * @param pauseReason why the service paused it; null if the owner did
 * @param nextAt next time; null while it is paused
 * @param version from 1; a change must name the current one
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
    @Nullable Long templateVersion,
    boolean paused,
    @Nullable String pauseReason,
    @Nullable Instant nextAt,
    long version,
    Instant createdAt,
    Instant updatedAt)
    implements Versioned {}
