package io.agentledger.api.audit;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One entry of the access audit.
 *
 * @param id id of the event, or of a part of it
 * @param actor {@code type:id}; null for unauthenticated requests that were denied
 * @param credentialId id of the credential that was used; null if unknown
 * @param action name of the event
 * @param resourceType type of the affected resource
 * @param count number of occurrences; denials of one minute are combined
 * @param ip null if unknown
 * @param userAgent user agent of the client; null if unknown; of combined denials the last one
 * @param requestId of combined denials the id of the first request
 * @param lastRequestId id of the last request of combined denials; else null
 * @param details ids, names, types and numbers of the event; never content
 * @param changes changes of the configuration, by field; empty for other actions
 * @param changesOmitted number of further changes, which are not shown
 */
public record AuditView(
    String id,
    Instant at,
    @Nullable String actor,
    @Nullable String credentialId,
    String action,
    String resourceType,
    String resourceId,
    Outcome outcome,
    long count,
    @Nullable String ip,
    @Nullable String userAgent,
    String requestId,
    @Nullable String lastRequestId,
    Map<String, String> details,
    List<AuditChange> changes,
    int changesOmitted) {}
