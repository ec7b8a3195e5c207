package io.agentledger.api.shared;

import java.time.Duration;

/** About who comes in, and as whom. */
public sealed interface IdentityRejection extends Rejection {
  /** What was sent to sign in with, or to prove oneself by, is not right; why not is not told. */
  record WrongCredentials() implements IdentityRejection {
    @Override
    public String code() {
      return "wrong_credentials";
    }

    @Override
    public String message() {
      return "The address or the password is not right.";
    }
  }

  /** Somebody tried too often; whether the account exists is not told. */
  record TooManyAttempts(Duration retryAfter) implements IdentityRejection {
    @Override
    public String code() {
      return "too_many_attempts";
    }

    @Override
    public String message() {
      return "There were too many attempts; try again later.";
    }
  }

  /** The refresh token is unknown, or its login is over. */
  record LoginExpired() implements IdentityRejection {
    @Override
    public String code() {
      return "login_expired";
    }

    @Override
    public String message() {
      return "The login is over; sign in again.";
    }
  }

  /** The refresh token was replaced a moment ago: whoever has the answer to that has the next. */
  record RefreshSuperseded() implements IdentityRejection {
    @Override
    public String code() {
      return "refresh_superseded";
    }

    @Override
    public String message() {
      return "Another request has just used this refresh token; go on with what that one got.";
    }
  }

  /** People join by invitation. */
  record RegistrationClosed() implements IdentityRejection {
    @Override
    public String code() {
      return "registration_closed";
    }

    @Override
    public String message() {
      return "Registration is closed; ask an admin for an invitation.";
    }
  }

  /** The first admin proves that the installation is theirs. */
  record SetupTokenRequired() implements IdentityRejection {
    @Override
    public String code() {
      return "setup_token_required";
    }

    @Override
    public String message() {
      return "There is no admin yet. Sign up on the service's own machine, or with the setup token"
          + " that is in setup.token of its home.";
    }
  }

  /** The invitation's token is unknown, used, revoked or expired. */
  record InvitationInvalid() implements IdentityRejection {
    @Override
    public String code() {
      return "invitation_invalid";
    }

    @Override
    public String message() {
      return "The invitation is not valid, or not any more.";
    }
  }

  /** A rule about tenants, people or keys stands against it; the rule is the code. */
  record IdentityRefused(String rule, String detail) implements IdentityRejection {
    @Override
    public String code() {
      return rule;
    }

    @Override
    public String message() {
      return detail;
    }
  }
}
