package io.agentledger.client.ops;

import io.agentledger.api.model.Upstream;
import io.agentledger.api.ops.SandboxLevel;
import org.jspecify.annotations.Nullable;

/**
 * What a service says of itself.
 *
 * @param sandboxReason why the sandbox is not better than it is
 */
public record ServiceStatus(
    String version,
    @Nullable String revision,
    String node,
    Upstream upstream,
    SandboxLevel sandbox,
    @Nullable String sandboxReason,
    String cliVersion) {}
