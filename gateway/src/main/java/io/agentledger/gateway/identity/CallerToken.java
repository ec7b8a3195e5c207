package io.agentledger.gateway.identity;

import io.agentledger.api.identity.Caller;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.security.authentication.AbstractAuthenticationToken;

/** A caller that a key was found for. The key itself is not kept. */
final class CallerToken extends AbstractAuthenticationToken {
  private static final long serialVersionUID = 1L;

  private final transient Caller caller;
  private final @Nullable Instant until;
  private final boolean cookie;

  /**
   * @param until when what they came with expires by itself; null where that is heard of
   */
  CallerToken(Caller caller, @Nullable Instant until) {
    this(caller, until, false);
  }

  private CallerToken(Caller caller, @Nullable Instant until, boolean cookie) {
    super(List.of());
    this.caller = caller;
    this.until = until;
    this.cookie = cookie;
    setAuthenticated(true);
  }

  CallerToken byCookie() {
    return new CallerToken(caller, until, true);
  }

  @Nullable Instant until() {
    return until;
  }

  /** Whether the browser has sent it by itself. */
  boolean isByCookie() {
    return cookie;
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
