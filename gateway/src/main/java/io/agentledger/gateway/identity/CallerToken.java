package io.agentledger.gateway.identity;

import io.agentledger.api.identity.Caller;
import io.agentledger.api.identity.Means;
import java.util.List;
import org.springframework.security.authentication.AbstractAuthenticationToken;

/** A caller, and what they came with; not the key itself. */
final class CallerToken extends AbstractAuthenticationToken {
  private static final long serialVersionUID = 1L;

  private final transient Caller caller;
  private final transient Means means;

  CallerToken(Caller caller, Means means) {
    super(List.of());
    this.caller = caller;
    this.means = means;
    setAuthenticated(true);
  }

  Means means() {
    return means;
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
