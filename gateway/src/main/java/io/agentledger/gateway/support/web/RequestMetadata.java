package io.agentledger.gateway.support.web;

import io.agentledger.api.identity.Provenance;
import io.agentledger.api.identity.RequestSource;
import java.util.HashMap;
import java.util.Map;

/** Source and id of a request that needs no authentication. */
public record RequestMetadata(String requestId, RequestSource source) {
  /**
   * Returns the metadata of a command that needs no authentication; its handler determines the
   * tenant.
   */
  public Map<String, Object> metadata() {
    var metadata = new HashMap<String, Object>();
    metadata.put(Provenance.REQUEST, requestId);
    if (!source.ip().isEmpty()) metadata.put(Provenance.IP, source.ip());
    if (!source.userAgent().isEmpty()) metadata.put(Provenance.USER_AGENT, source.userAgent());
    return metadata;
  }
}
