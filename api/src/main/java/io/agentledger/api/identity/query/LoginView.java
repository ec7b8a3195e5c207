package io.agentledger.api.identity.query;

import io.agentledger.api.identity.CredentialId;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.identity.event.LoginEvent;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A login.
 *
 * @param ip from where it was started or last refreshed; null where that is not known
 * @param userAgent what the program called itself then; not to be trusted
 * @param current whether this was asked with it
 * @param lastUsedAt to the minute
 * @param expiresAt when it is over unless it is refreshed
 * @param endedAt null while it goes on
 * @param endReason why it ended
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
