package io.agentledger.api.identity.event;

import io.agentledger.api.audit.Audited;
import io.agentledger.api.audit.Outcome;
import io.agentledger.api.identity.CredentialId;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.shared.StableName;
import io.agentledger.api.shared.WireNamed;
import java.time.Instant;
import java.util.Locale;
import org.axonframework.serialization.Revision;

/**
 * Events of a login, which is a family of refresh tokens: each is used once and replaced by the
 * next. The login's id is the credential id of all requests with its access tokens.
 */
public sealed interface LoginEvent extends IdentityEvent {
  /** Returns the id of the login; for refused sign-ins, an id that is derived from the account. */
  CredentialId loginId();

  /** Reason for the end of a login. */
  enum EndReason implements WireNamed {
    SIGNED_OUT,
    SIGNED_OUT_EVERYWHERE,
    /** An administrator ended it, or the user from another login. */
    REVOKED,
    /** A refresh token was used twice, so it may have been stolen. */
    REUSED,
    PASSWORD_CHANGED,
    USER_DISABLED;

    @Override
    public String wireName() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Reason for a refused sign-in; never disclosed to clients. */
  enum RefusalReason implements WireNamed {
    WRONG_PASSWORD,
    USER_DISABLED,
    TENANT_SUSPENDED,
    TOO_MANY_ATTEMPTS,
    UNKNOWN_ACCOUNT;

    @Override
    public String wireName() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * A user signed in.
   *
   * @param secretHash SHA-256 of the refresh token's 256 random bits, hex
   * @param refreshExpiresAt when that token expires
   * @param expiresAt when the login ends, however often it is refreshed
   */
  @Revision("1")
  @StableName("LoginStarted")
  record LoginStarted(
      CredentialId loginId,
      TenantId tenantId,
      UserId userId,
      String secretHash,
      Instant refreshExpiresAt,
      Instant expiresAt)
      implements LoginEvent {}

  /** A refresh token was exchanged for the next one. */
  @Revision("1")
  @StableName("LoginRefreshed")
  record LoginRefreshed(CredentialId loginId, String secretHash, Instant refreshExpiresAt)
      implements LoginEvent {}

  /** The login ended; its tokens are invalid. */
  @Revision("1")
  @StableName("LoginEnded")
  record LoginEnded(CredentialId loginId, EndReason endReason) implements LoginEvent {}

  /**
   * Sign-ins were refused. The first one of a minute from one source is recorded at once, further
   * ones of that minute together at its end.
   *
   * @param loginId derived from the account; there is no login
   * @param count number of refused sign-ins that this event stands for
   * @param since start of the minute
   */
  @Audited(Outcome.DENIED)
  @Revision("1")
  @StableName("SignInsRefused")
  record SignInsRefused(
      CredentialId loginId, UserId userId, RefusalReason reason, long count, Instant since)
      implements LoginEvent {}

  /**
   * Sign-ins for accounts that do not exist were refused.
   *
   * @param sources number of addresses; if it is one, the provenance contains the address
   */
  @Audited(Outcome.DENIED)
  @Revision("1")
  @StableName("UnknownAccountSignInsRefused")
  record UnknownAccountSignInsRefused(CredentialId loginId, long sources, long count, Instant since)
      implements LoginEvent {}
}
