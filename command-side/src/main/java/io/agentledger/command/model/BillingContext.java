package io.agentledger.command.model;

import io.agentledger.api.identity.Provenance;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.session.Budget;
import io.agentledger.api.session.RunId;
import io.agentledger.api.shared.Money;
import java.time.Instant;
import java.util.Optional;

/**
 * The run that a process's exchanges belong to, and the budgets that they are charged to. The
 * spending of the process itself is not included, because the gateway counts it.
 *
 * @param owner owner of the session, charged for runs that no user started
 * @param budget budget of the session
 * @param runSpentBefore spending of the run in other processes
 * @param sessionSpentBefore spending of the session in other processes
 * @param unansweredSince since when the model API has not answered the run, as far as is recorded;
 *     empty if it has not failed since its last answer
 */
public record BillingContext(
    RunId run,
    Provenance provenance,
    UserId owner,
    Budget budget,
    Money runSpentBefore,
    Money sessionSpentBefore,
    Optional<Instant> unansweredSince) {}
