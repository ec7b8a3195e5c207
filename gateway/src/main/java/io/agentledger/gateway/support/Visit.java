package io.agentledger.gateway.support;

import io.agentledger.api.identity.Caller;
import io.agentledger.api.identity.Means;
import io.agentledger.api.identity.Provenance;
import io.agentledger.api.identity.Source;
import io.agentledger.api.identity.TenantId;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One authenticated request: who, from where, and under which id. Handlers name it and have it.
 *
 * @param means what they came with; null for the house
 */
public record Visit(Caller caller, String requestId, Source source, @Nullable Means means) {
  public Visit(Caller caller, String requestId, Source source) {
    this(caller, requestId, source, null);
  }

  public TenantId tenant() {
    return caller.tenant();
  }

  public Provenance provenance() {
    return new Provenance(caller.tenant(), caller.actor(), caller.credential(), requestId, source);
  }

  /** What goes with each command and each query of the request. */
  public Map<String, Object> metadata() {
    return caller.asMetadata(provenance());
  }

  /** The house's own, for what several visitors share once each of them was admitted. */
  public Visit house() {
    return new Visit(caller.house(), requestId, Source.NONE);
  }
}
