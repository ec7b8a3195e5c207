package io.agentledger.api.audit;

import io.agentledger.api.identity.CredentialId;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.shared.WireNamed;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Where doors tell whom they refused. Cheap, never blocks, and bounded: refusals are counted by
 * source, kind and route, and recorded once a minute. What a killed node had counted since then is
 * lost.
 */
public interface DenialRecorder {
  /** Somebody was refused. */
  void count(Denial denial);

  /**
   * One refusal.
   *
   * @param ip from where; empty when that is not known
   * @param route template of what was asked for, never the address itself
   * @param tenantId of the credential; null when it is not known
   * @param credentialId null when it is not known
   */
  record Denial(
      String ip,
      Reason reason,
      String route,
      @Nullable TenantId tenantId,
      @Nullable CredentialId credentialId) {}

  /** Why somebody was refused. */
  enum Reason implements WireNamed {
    /** No credential, or one that does not count. */
    UNAUTHENTICATED,
    /** A credential that may not do this. */
    FORBIDDEN,
    /** It is not there or not theirs: nobody is told which. */
    NOT_FOUND,
    /** Too often. */
    RATE_LIMITED;

    @Override
    public String wireName() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
