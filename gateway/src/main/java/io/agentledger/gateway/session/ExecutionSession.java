package io.agentledger.gateway.session;

import io.agentledger.api.session.Budget;
import io.agentledger.api.session.SessionOrigin;
import org.jspecify.annotations.Nullable;

/**
 * Session of an execution of a task.
 *
 * @param prompt null: the prompt of the template
 * @param budget highest budget of the session
 * @param readOnly whether its agent must be one that can only read its workspace
 */
record ExecutionSession(
    SessionOrigin.Task origin, @Nullable String prompt, Budget budget, boolean readOnly) {}
