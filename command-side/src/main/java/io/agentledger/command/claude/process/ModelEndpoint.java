package io.agentledger.command.claude.process;

import io.agentledger.api.model.Upstream;
import io.agentledger.api.session.BudgetShortfall;
import io.agentledger.api.session.ProcessId;
import io.agentledger.api.session.RunId;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.ToolCallId;
import io.agentledger.command.model.BillingContext;
import io.agentledger.command.model.ListeningSocket;
import io.agentledger.command.model.ModelOutage;
import io.agentledger.command.model.WebSearchPermit;
import io.agentledger.command.model.usage.ModelExchange;
import io.agentledger.command.support.outbound.Destination;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Opens the model socket of a process and reports what passed through it. */
public interface ModelEndpoint {
  Upstream upstream();

  /**
   * Opens the socket, also again at the same path after a restart.
   *
   * @param usage the process's file in which the usage of exchanges is recorded
   */
  Connection open(ListeningSocket socket, Path usage, EndpointOwner endpointOwner)
      throws IOException;

  /**
   * Process that a socket belongs to.
   *
   * @param billingContext the run that its exchanges belong to until the next one is bound; empty
   *     if no run was started
   */
  record EndpointOwner(SessionId session, ProcessId id, Optional<BillingContext> billingContext) {}

  /** Open socket of one process. */
  interface Connection extends AutoCloseable {
    /**
     * Lets the gateway itself answer the next request for a message, without the model, budgets and
     * a record, unless a run is bound before.
     */
    void answerWarmUp();

    /** Assigns all further exchanges to this run and its budgets. */
    void bindRun(BillingContext billingContext);

    /**
     * Returns the budget because of which an exchange of the run was rejected since the run was
     * bound here, if one was.
     */
    Optional<BudgetShortfall> findShortfall(RunId run);

    /** Permits the web search of a call until the call or its run has ended. */
    void permitSearch(ToolCallId call, WebSearchPermit permit);

    /**
     * Permits the CLI to connect to the destinations of a WebFetch call until the call or its run
     * has ended; does nothing if the process has no network access.
     */
    default void permitFetch(ToolCallId call, List<Destination> destinations) {}

    /** Ends the permits of a call; does nothing if it has none. */
    void endPermits(ToolCallId call);

    /** Returns whether an exchange with the model is in progress. */
    boolean isExchanging();

    /** Returns the outage of the model API that the run currently waits for. */
    Optional<ModelOutage> findOutage(RunId run);

    /** Returns whether the model itself sent the message. */
    boolean wasSent(String messageId);

    /** Returns whether the model itself requested this call. */
    boolean wasRequested(String toolUseId);

    /**
     * Records that the result of a call was read.
     *
     * @param journalOffset offset after the line of the journal that contains the result
     * @return false if its result was read before at another offset
     */
    boolean markReturned(String toolUseId, long journalOffset);

    /** Returns a page of the exchanges whose lines end after the offset, oldest first. */
    List<MeteredTurn> usageAfter(long offset) throws IOException;

    @Override
    void close();
  }

  /** An exchange with the run that it belongs to and the offset behind its line. */
  record MeteredTurn(RunId run, ModelExchange exchange, long endOffset) {}
}
