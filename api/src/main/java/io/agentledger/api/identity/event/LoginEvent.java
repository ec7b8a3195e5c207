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
  /** The login; of refused sign-ins the door that was knocked at. */
  CredentialId loginId();

  /** Why a login is over. */
  enum EndReason implements WireNamed {
    SIGNED_OUT,
    SIGNED_OUT_EVERYWHERE,
    /** Somebody else ended it: an administrator, or the person from another login. */
    REVOKED,
    /** A refresh token came twice: one of the two who had it was not its owner. */
    REUSED,
    PASSWORD_CHANGED,
    USER_DISABLED;

    @Override
    public String wireName() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Why a sign-in was refused; nobody outside is told. */
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
   * Somebody signed in.
   *
   * @param secretHash SHA-256 of the refresh token's 256 random bits, hex
   * @param refreshExpiresAt when that token expires
   * @param expiresAt when the login is over, however often it is refreshed
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

  /** One refresh token was given for the next. */
  @Revision("1")
  @StableName("LoginRefreshed")
  record LoginRefreshed(CredentialId loginId, String secretHash, Instant refreshExpiresAt)
      implements LoginEvent {}

  @Revision("1")
  @StableName("LoginEnded")
  record LoginEnded(CredentialId loginId, EndReason endReason) implements LoginEvent {}

  /**
   * Somebody was not let in. The first of a minute from one source is recorded at once, further
   * ones of that minute together when it is over.
   *
   * @param loginId the account's door: derived from the user, no login
   * @param count how many this event stands for
   * @param since the minute
   */
  @Audited(Outcome.DENIED)
  @Revision("1")
  @StableName("SignInsRefused")
  record SignInsRefused(
      CredentialId loginId, UserId userId, RefusalReason reason, long count, Instant since)
      implements LoginEvent {}

  /**
   * The same for accounts that do not exist.
   *
   * @param sources how many addresses it was; when it is one, that is in the provenance
   */
  @Audited(Outcome.DENIED)
  @Revision("1")
  @StableName("UnknownAccountSignInsRefused")
  record UnknownAccountSignInsRefused(CredentialId loginId, long sources, long count, Instant since)
      implements LoginEvent {}
}
