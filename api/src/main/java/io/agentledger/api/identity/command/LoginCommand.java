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
 * Commands for logins. Those with {@link PermitAll} are answered with a {@link SignInResult}
 * instead of a failure, because a failure would roll back the record of the attempt.
 */
@StableName("login")
public sealed interface LoginCommand extends IdentityCommand {

  /**
   * @param email as it was typed: what is no address belongs to nobody
   */
  @PermitAll
  @StableName("SignIn")
  record SignIn(String email, Secret password) implements LoginCommand {
    /** An address is not for logs. */
    @Override
    public String toString() {
      return "SignIn";
    }
  }

  /** The next access token for a refresh token, which is replaced. */
  @PermitAll
  @StableName("RefreshLogin")
  record RefreshLogin(Secret refreshToken) implements LoginCommand {}

  /** Signs out with the refresh token, where the access token is over; answered with nothing. */
  @PermitAll
  @StableName("RevokeRefreshToken")
  record RevokeRefreshToken(Secret refreshToken) implements LoginCommand {}

  /** Ends the login that this is sent with; of another credential it ends nothing. */
  @RequiresScope({})
  @StableName("SignOut")
  record SignOut() implements LoginCommand {}

  /** Ends all logins of a person: one's own, or as an admin those of another. */
  @RequiresScope({Scope.KEYS_WRITE, Scope.USERS_WRITE})
  @StableName("SignOutEverywhere")
  record SignOutEverywhere(UserId userId) implements LoginCommand {}

  /** Ends one login: one's own, or as an admin that of another. */
  @RequiresScope({Scope.KEYS_WRITE, Scope.USERS_WRITE})
  @StableName("EndLogin")
  record EndLogin(@TargetAggregateIdentifier CredentialId loginId) implements LoginCommand {}

  /** Puts on the record what was refused before that, and was only counted until now. */
  @InternalOnly
  @StableName("FlushSignInRefusals")
  record FlushSignInRefusals(Instant before) implements LoginCommand {}
}
