package io.agentledger.api.identity.query;

import io.agentledger.api.identity.CredentialId;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.identity.event.LoginEvent;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A login.
 *
 * @param ip source of the sign-in or the last refresh; null if unknown
 * @param userAgent user agent of the client at that time; not trusted
 * @param current whether the request was sent with this login
 * @param lastUsedAt to the minute
 * @param expiresAt when it ends unless it is refreshed
 * @param endedAt null while it is active
 * @param endReason reason of the end
 */
public record LoginView(
    CredentialId id,
    UserId userId,
    boolean current,
    @Nullable String ip,
    @Nullable String userAgent,
    Instant startedAt,
    @Nullable Instant refreshedAt,
    @Nullable Instant lastUsedAt,
    Instant expiresAt,
    @Nullable Instant endedAt,
    LoginEvent.@Nullable EndReason endReason) {}
