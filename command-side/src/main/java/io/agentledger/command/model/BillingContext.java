package io.agentledger.command.model;

import io.agentledger.api.identity.Provenance;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.session.Budget;
import io.agentledger.api.session.RunId;
import io.agentledger.api.shared.Money;

/**
 * What the exchanges of one run are paid from. What this very process spent is not in it: the
 * gateway knows that better.
 *
 * @param owner of the session: pays for what no person began
 * @param budget of the session
 * @param runSpentBefore what the run spent by other processes
 * @param sessionSpentBefore what the session spent by other processes
 */
public record BillingContext(
    RunId run,
    Provenance provenance,
    UserId owner,
    Budget budget,
    Money runSpentBefore,
    Money sessionSpentBefore) {}
