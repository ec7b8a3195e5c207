package io.agentledger.gateway.identity.security;

import io.agentledger.gateway.support.web.RequestMetadata;
import java.util.List;
import org.springframework.security.authentication.AbstractAuthenticationToken;

/** Credential of a request before its authentication. */
final class CredentialAuthenticationToken extends AbstractAuthenticationToken {
  private static final long serialVersionUID = 1L;

  private final transient PresentedCredential credential;
  private final transient RequestMetadata requestMetadata;

  CredentialAuthenticationToken(PresentedCredential credential, RequestMetadata requestMetadata) {
    super(List.of());
    this.credential = credential;
    this.requestMetadata = requestMetadata;
  }

  PresentedCredential credential() {
    return credential;
  }

  RequestMetadata requestMetadata() {
    return requestMetadata;
  }

  @Override
  public String getPrincipal() {
    return "";
  }

  /** Returns nothing, so that no secret gets into a log. */
  @Override
  public String getCredentials() {
    return "";
  }
}
