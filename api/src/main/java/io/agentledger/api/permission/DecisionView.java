package io.agentledger.api.permission;

import io.agentledger.api.identity.Actor;
import io.agentledger.api.session.ActionId;
import io.agentledger.api.session.RunId;
import io.agentledger.api.session.ToolCallId;
import io.agentledger.api.session.event.ActionEvent.RememberScope;
import io.agentledger.api.shared.Json;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A permission that a person was asked for, and what became of it.
 *
 * @param requestReason why it was asked
 * @param status null while it waits
 * @param actor who decided; null when nobody did
 * @param updatedInput what the tool got instead; null when nothing was changed
 * @param reason of the decision
 * @param rememberScope how far it reaches in the session; null for this call only
 */
public record DecisionView(
    ActionId actionId,
    RunId runId,
    ToolCallId toolCallId,
    String tool,
    String inputDigest,
    @Nullable Json input,
    @Nullable String requestReason,
    Instant requestedAt,
    @Nullable DecisionStatus status,
    @Nullable Actor actor,
    @Nullable Instant decidedAt,
    @Nullable Json updatedInput,
    @Nullable String reason,
    @Nullable RememberScope rememberScope) {
  /** Outcome of a decision. */
  public enum DecisionStatus {
    ALLOWED,
    DENIED,
    EXPIRED,
    /**
     * Allowed, but the process was lost before the call returned: nobody can tell whether it got
     * the decision, and what came of it.
     */
    UNKNOWN
  }
}
