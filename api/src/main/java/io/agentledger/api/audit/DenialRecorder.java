package io.agentledger.api.audit;

import io.agentledger.api.identity.Actor;
import io.agentledger.api.identity.CredentialId;
import io.agentledger.api.identity.RequestSource;
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
  /** Counts a denied request. */
  void count(Denial denial);

  /**
   * One denied request.
   *
   * @param requestId as in the response; empty if unknown
   * @param route template of the requested route, never the address itself
   * @param tenantId tenant of the credential; null if unknown
   * @param credentialId null if unknown
   * @param actor user or agent of the credential; null if unknown
   */
  record Denial(
      RequestSource source,
      String requestId,
      Reason reason,
      String route,
      @Nullable TenantId tenantId,
      @Nullable CredentialId credentialId,
      @Nullable Actor actor) {}

  /** Reason for a denial. */
  enum Reason implements WireNamed {
    /** No credential, or an invalid one. */
    UNAUTHENTICATED,
    /** The credential does not permit the operation. */
    FORBIDDEN,
    /**
     * The resource does not exist or is not visible to the caller; the response does not
     * distinguish the two.
     */
    NOT_FOUND,
    /** A rate limit was exceeded. */
    RATE_LIMITED;

    @Override
    public String wireName() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
