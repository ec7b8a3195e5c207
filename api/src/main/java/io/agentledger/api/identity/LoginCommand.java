package io.agentledger.api.identity;

import java.time.Instant;
import org.axonframework.modelling.command.TargetAggregateIdentifier;

/**
 * What can be wished of logins. What {@link Anyone} may wish is answered with a {@link
 * SignInAnswer}, for a refusal must be remembered, and a failure would leave nothing behind.
 */
public sealed interface LoginCommand extends IdentityCommand {

  /**
   * @param email as it was typed: what is no address belongs to nobody
   */
  @Anyone
  record SignIn(String email, Secret password) implements LoginCommand {
    /** An address is not for logs. */
    @Override
    public String toString() {
      return "SignIn";
    }
  }

  /** The next access token for a refresh token, which is replaced. */
  @Anyone
  record RefreshLogin(Secret refreshToken) implements LoginCommand {}

  /** Signs out with the refresh token, where the access token is over; answered with nothing. */
  @Anyone
  record ForgetLogin(Secret refreshToken) implements LoginCommand {}

  /** Ends the login that this is sent with; of another credential it ends nothing. */
  @Needs({})
  record SignOut() implements LoginCommand {}

  /** Ends all logins of a person: one's own, or as an admin those of another. */
  @Needs({Scope.KEYS_WRITE, Scope.USERS_WRITE})
  record SignOutEverywhere(UserId userId) implements LoginCommand {}

  /** Ends one login: one's own, or as an admin that of another. */
  @Needs({Scope.KEYS_WRITE, Scope.USERS_WRITE})
  record EndLogin(@TargetAggregateIdentifier KeyId loginId) implements LoginCommand {}

  /** Puts on the record what was refused before that, and was only counted until now. */
  @Internal
  record TellRefusals(Instant before) implements LoginCommand {}
}
