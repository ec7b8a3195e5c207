package io.agentledger.gateway.session.branch;

import io.agentledger.api.session.CheckpointId;
import io.agentledger.gateway.session.options.ExecutorRequest;
import io.agentledger.gateway.support.validation.SafeText;
import jakarta.validation.constraints.Size;
import org.jspecify.annotations.Nullable;

/**
 * A branch that is wished for.
 *
 * @param checkpointId where it begins; null for the last one
 * @param executor as that of the session that it branches off if left out
 */
record ForkSessionRequest(
    @Nullable CheckpointId checkpointId,
    @Nullable @Size(max = 200, message = "must be at most 200 characters") @SafeText String title,
    @Nullable ExecutorRequest executor) {}
