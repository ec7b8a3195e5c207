package io.agentledger.gateway.identity.token;

import org.springframework.security.authentication.AuthenticationServiceException;

/** An issuer's keys are needed and cannot be had: nothing is said of the token. */
final class IssuerUnavailableException extends AuthenticationServiceException {
  private static final long serialVersionUID = 1L;

  IssuerUnavailableException(String issuer) {
    super("the keys of " + issuer + " cannot be read");
  }
}
