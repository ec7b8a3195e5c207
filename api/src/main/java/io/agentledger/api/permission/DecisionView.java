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
 * A permission request and its decision.
 *
 * @param requestReason reason of the request
 * @param status null while it is pending
 * @param actor user who decided; null if none did
 * @param updatedInput changed input of the tool; null if it was not changed
 * @param reason reason of the decision
 * @param rememberScope scope of the decision in the session; null for this call only
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
     * Allowed, but the process was lost before the call returned; it is unknown whether the call
     * was executed.
     */
    UNKNOWN
  }
}
