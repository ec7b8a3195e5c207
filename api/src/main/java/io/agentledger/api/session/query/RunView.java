package io.agentledger.api.session.query;

import io.agentledger.api.model.ModelUsage;
import io.agentledger.api.model.Upstream;
import io.agentledger.api.model.Usage;
import io.agentledger.api.ops.SandboxLevel;
import io.agentledger.api.session.QueryId;
import io.agentledger.api.session.RunId;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.event.RunEvent.Failure;
import io.agentledger.api.session.query.SessionView.AgentRef;
import io.agentledger.api.shared.Json;
import io.agentledger.api.shared.Money;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One run. Values that are known only after its start or its end are null until then.
 *
 * @param agent agent of its session, which never changes
 * @param attempt 0 while it is queued or about to start
 * @param model model that answers; after a refusal, its fallback model
 * @param refusedModel last model that refused to answer; null: none
 * @param modelUsage usage and costs by model, in order of their first turns
 * @param costKnown whether the price of every turn is known; otherwise the cost is an estimate:
 *     turns without a price are counted at the highest price of the list
 * @param cliCostUsd cost of the run as the CLI reports it, by its own prices; null if not known
 * @param costDifferenceUsd cost less that of the CLI; null if that is not known
 */
public record RunView(
    RunId id,
    SessionId sessionId,
    @Nullable QueryId queryId,
    AgentRef agent,
    Status status,
    int attempt,
    String requestedModel,
    @Nullable String model,
    @Nullable String refusedModel,
    @Nullable Upstream upstream,
    @Nullable SandboxLevel sandbox,
    @Nullable String cliVersion,
    @Nullable String node,
    @Nullable String stopReason,
    @Nullable Failure failure,
    @Nullable String result,
    @Nullable Json structuredOutput,
    @Nullable String error,
    Usage usage,
    List<ModelUsage> modelUsage,
    Money costUsd,
    boolean costKnown,
    @Nullable Money cliCostUsd,
    @Nullable Money costDifferenceUsd,
    int numTurns,
    long durationMs,
    Instant requestedAt,
    @Nullable Instant startedAt,
    @Nullable Instant endedAt) {

  /** Status of a run. */
  public enum Status {
    QUEUED,
    ISSUED,
    RUNNING,
    RETRYING,
    PAUSED,
    COMPLETED,
    FAILED,
    INTERRUPTED
  }
}
