package io.agentledger.gateway.ops;

import io.agentledger.api.model.Upstream;
import io.agentledger.api.ops.NodeInfo;
import io.agentledger.api.ops.SandboxLevel;
import java.time.Instant;

/**
 * Version, model API and sandbox of the service.
 *
 * @param revision of the source it was built from
 * @param sandboxReason reason why the sandbox is not {@code full}; empty if it is
 */
record StatusView(
    String version,
    String revision,
    String node,
    Upstream upstream,
    SandboxLevel sandbox,
    String sandboxReason,
    String cliVersion,
    Instant startedAt) {
  static StatusView from(ServiceProperties serviceProperties, NodeInfo node, Instant startedAt) {
    return new StatusView(
        serviceProperties.version(),
        serviceProperties.revision(),
        node.node(),
        node.upstream(),
        node.sandbox(),
        node.sandboxReason(),
        node.cliVersion(),
        startedAt);
  }
}
