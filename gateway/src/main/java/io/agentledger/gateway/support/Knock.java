package io.agentledger.gateway.support;

import io.agentledger.api.identity.Provenance;
import io.agentledger.api.identity.Source;
import java.util.HashMap;
import java.util.Map;

/** A request of somebody who need not be known: from where, and under which id. */
public record Knock(String requestId, Source source) {
  /** What goes with a command that anybody may send: whose it is, its handler finds out. */
  Map<String, Object> metadata() {
    var metadata = new HashMap<String, Object>();
    metadata.put(Provenance.REQUEST, requestId);
    if (!source.ip().isEmpty()) metadata.put(Provenance.IP, source.ip());
    if (!source.userAgent().isEmpty()) metadata.put(Provenance.USER_AGENT, source.userAgent());
    return metadata;
  }
}
