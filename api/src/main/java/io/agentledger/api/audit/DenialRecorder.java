package io.agentledger.api.audit;

import io.agentledger.api.identity.CredentialId;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.shared.WireNamed;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Records requests that were rejected at the edge. Recording is cheap and never blocks: rejections
 * are counted by source, kind and route, with an upper bound, and recorded once a minute. Counts
 * since the last minute are lost when a node is killed.
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
