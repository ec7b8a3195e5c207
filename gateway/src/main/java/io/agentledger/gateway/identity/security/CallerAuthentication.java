package io.agentledger.gateway.identity.security;

import io.agentledger.api.identity.Caller;
import io.agentledger.api.identity.security.CredentialRef;
import java.util.List;
import org.springframework.security.authentication.AbstractAuthenticationToken;

/** Authenticated caller with a reference to the credential; never the secret itself. */
final class CallerAuthentication extends AbstractAuthenticationToken {
  private static final long serialVersionUID = 1L;

  private final transient Caller caller;
  private final transient CredentialRef credentialRef;

  CallerAuthentication(Caller caller, CredentialRef credentialRef) {
    super(List.of());
    this.caller = caller;
    this.credentialRef = credentialRef;
    setAuthenticated(true);
  }

  CredentialRef credentialRef() {
    return credentialRef;
  }

  @Override
  public Caller getPrincipal() {
    return caller;
  }

  @Override
  public String getCredentials() {
    return "";
  }
}
