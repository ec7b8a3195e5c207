package io.agentledger.api.identity.command;

import io.agentledger.api.identity.CredentialId;
import io.agentledger.api.identity.Scope;
import io.agentledger.api.identity.Secret;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.identity.security.InternalOnly;
import io.agentledger.api.identity.security.PermitAll;
import io.agentledger.api.identity.security.RequiresScope;
import io.agentledger.api.shared.StableName;
import java.time.Instant;
import org.axonframework.modelling.command.TargetAggregateIdentifier;

/**
 * Commands for logins. Those with {@link PermitAll} are returns a {@link SignInResult} instead of a
 * failure, because a failure would roll back the record of the attempt.
 */
@StableName("login")
public sealed interface LoginCommand extends IdentityCommand {

  /**
   * Signs a user in.
   *
   * @param email as entered; a text that is not an address belongs to no account
   */
  @PermitAll
  @StableName("SignIn")
  record SignIn(String email, Secret password) implements LoginCommand {
    /** Hides the address, which must not be logged. */
    @Override
    public String toString() {
      return "SignIn";
    }
  }

  /** Returns the next access token for a refresh token, which is replaced. */
  @PermitAll
  @StableName("RefreshLogin")
  record RefreshLogin(Secret refreshToken) implements LoginCommand {}

  /** Signs out with the refresh token, when the access token has expired; returns nothing. */
  @PermitAll
  @StableName("RevokeRefreshToken")
  record RevokeRefreshToken(Secret refreshToken) implements LoginCommand {}

  /** Ends the login whose access token this is sent with; has no effect with another credential. */
  @RequiresScope({})
  @StableName("SignOut")
  record SignOut() implements LoginCommand {}

  /** Ends all logins of a user: the caller's own, or those of another user if sent by an admin. */
  @RequiresScope({Scope.KEYS_WRITE, Scope.USERS_WRITE})
  @StableName("SignOutEverywhere")
  record SignOutEverywhere(UserId userId) implements LoginCommand {}

  /** Ends one login: the caller's own, or that of another user if sent by an admin. */
  @RequiresScope({Scope.KEYS_WRITE, Scope.USERS_WRITE})
  @StableName("EndLogin")
  record EndLogin(@TargetAggregateIdentifier CredentialId loginId) implements LoginCommand {}

  /** Records the refused sign-ins before a moment that were only counted until now. */
  @InternalOnly
  @StableName("FlushSignInRefusals")
  record FlushSignInRefusals(Instant before) implements LoginCommand {}
}
