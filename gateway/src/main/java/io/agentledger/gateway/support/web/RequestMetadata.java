package io.agentledger.gateway.support.web;

import io.agentledger.api.identity.Provenance;
import io.agentledger.api.identity.RequestSource;
import java.util.HashMap;
import java.util.Map;

/** A request of somebody who need not be known: from where, and under which id. */
public record RequestMetadata(String requestId, RequestSource source) {
  /** What goes with a command that anybody may send: whose it is, its handler finds out. */
  public Map<String, Object> metadata() {
    var metadata = new HashMap<String, Object>();
    metadata.put(Provenance.REQUEST, requestId);
    if (!source.ip().isEmpty()) metadata.put(Provenance.IP, source.ip());
    if (!source.userAgent().isEmpty()) metadata.put(Provenance.USER_AGENT, source.userAgent());
    return metadata;
  }
}
