package io.agentledger.api.shared;

import java.time.Duration;

/** Rejections about authentication, users and tenants. */
public sealed interface IdentityRejection extends Rejection {
  /** The credentials are wrong; the reason is not disclosed. */
  record WrongCredentials() implements IdentityRejection {
    @Override
    public String code() {
      return "wrong_credentials";
    }

    @Override
    public String message() {
      return "The email address or the password is wrong.";
    }
  }

  /** Too many failed attempts; the response does not disclose whether the account exists. */
  record TooManyAttempts(Duration retryAfter) implements IdentityRejection {
    @Override
    public String code() {
      return "too_many_attempts";
    }

    @Override
    public String message() {
      return "Too many attempts; try again later.";
    }
  }

  /** The refresh token is unknown, or its login has ended. */
  record LoginExpired() implements IdentityRejection {
    @Override
    public String code() {
      return "login_expired";
    }

    @Override
    public String message() {
      return "The login has ended; log in again.";
    }
  }

  /**
   * The refresh token was replaced a moment ago by another request, whose response has the next
   * one.
   */
  record RefreshSuperseded() implements IdentityRejection {
    @Override
    public String code() {
      return "refresh_superseded";
    }

    @Override
    public String message() {
      return "Another request has just used this refresh token; use the tokens of its response, or sign"
          + " in again with POST /auth/login.";
    }
  }

  /** Registration is closed; users join by invitation. */
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

  /** The first admin has to prove that they own the installation. */
  record SetupTokenRequired() implements IdentityRejection {
    @Override
    public String code() {
      return "setup_token_required";
    }

    @Override
    public String message() {
      return "There is no admin yet. Register from the machine of the service, or with the setup token"
          + " in the file setup.token of its home.";
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
      return "The invitation is invalid, used or expired.";
    }
  }

  /** A rule about tenants, users or keys forbids it; the rule is the code. */
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
