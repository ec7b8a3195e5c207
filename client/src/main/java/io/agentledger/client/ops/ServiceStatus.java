package io.agentledger.client.ops;

import io.agentledger.api.model.Upstream;
import io.agentledger.api.ops.SandboxLevel;
import org.jspecify.annotations.Nullable;

/**
 * Status of a service.
 *
 * @param sandboxReason the reason why the sandbox level is not higher
 */
public record ServiceStatus(
    String version,
    @Nullable String revision,
    String node,
    Upstream upstream,
    SandboxLevel sandbox,
    @Nullable String sandboxReason,
    String cliVersion) {}
