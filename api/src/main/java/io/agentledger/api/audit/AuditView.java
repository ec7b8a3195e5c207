package io.agentledger.api.audit;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One entry of the access audit.
 *
 * @param id of the event, or of a part of it
 * @param actor {@code type:id}; null for those who were refused unknown
 * @param credentialId the id of what they acted with; null when it is not known
 * @param action the event's name
 * @param resourceType what it was done to
 * @param count how many times: refusals of a minute are told together
 * @param ip null when it is not known
 * @param userAgent what the program called itself; null when it is not known
 * @param details ids, names, kinds and numbers of the event; never content
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
    Map<String, String> details) {}
