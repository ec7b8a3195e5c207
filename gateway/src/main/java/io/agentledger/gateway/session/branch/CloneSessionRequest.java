package io.agentledger.gateway.session.branch;

import io.agentledger.gateway.session.options.ExecutorRequest;
import io.agentledger.gateway.support.validation.SafeText;
import jakarta.validation.constraints.Size;
import org.jspecify.annotations.Nullable;

/** Request to clone a session. */
record CloneSessionRequest(
    @Nullable @Size(max = 200, message = "must be at most 200 characters") @SafeText String title,
    @Nullable ExecutorRequest executor) {}
