package io.agentledger.gateway.identity.token;

import org.springframework.security.authentication.AuthenticationServiceException;

/** Thrown when an issuer's keys are needed and unavailable; the token may be valid. */
final class IssuerUnavailableException extends AuthenticationServiceException {
  private static final long serialVersionUID = 1L;

  IssuerUnavailableException(String issuer) {
    super("the keys of " + issuer + " cannot be read");
  }
}
