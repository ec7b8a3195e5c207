package io.agentledger.gateway.flow;

import io.agentledger.api.flow.FlowCommand;
import jakarta.validation.constraints.Size;
import org.jspecify.annotations.Nullable;

/**
 * Request to decide about a plan.
 *
 * @param reason shown in the story of the flow and in its comment
 */
record DecideFlowRequest(
    @Nullable
        @Size(
            min = 1,
            max = FlowCommand.REASON_LENGTH_MAX,
            message = "must be 1 to 2000 characters")
        String reason) {}
