package io.agentledger.command.claude.process;

import io.agentledger.api.model.Upstream;
import io.agentledger.api.session.ProcessId;
import io.agentledger.api.session.RunId;
import io.agentledger.api.session.SessionId;
import io.agentledger.command.model.BillingContext;
import io.agentledger.command.model.ListeningSocket;
import io.agentledger.command.model.ModelOutage;
import io.agentledger.command.model.usage.ModelExchange;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Opens the model socket of a process and reports what passed through it. */
public interface ModelEndpoint {
  Upstream upstream();

  /**
   * Opens the socket, or opens it again at the same path after a restart.
   *
   * @param usage the process's own file, where exchanges are counted
   */
  Connection open(ListeningSocket socket, Path usage, EndpointOwner endpointOwner)
      throws IOException;

  /**
   * Process that a socket belongs to.
   *
   * @param billingContext the run that its exchanges belong to until the next one is bound; empty
   *     where none was begun
   */
  record EndpointOwner(SessionId session, ProcessId id, Optional<BillingContext> billingContext) {}

  /** One process's open door. */
  interface Connection extends AutoCloseable {
    /** From now on exchanges belong to this account's run, and are paid from it. */
    void bindRun(BillingContext billingContext);

    /** Whether an exchange of the run was refused because of a budget, since it was begun here. */
    boolean isRefusedByBudget(RunId run);

    /** Whether an exchange with the model is in progress. */
    boolean isExchanging();

    /** The outage of the model API that the run waits through at present. */
    Optional<ModelOutage> findOutage(RunId run);

    /** Whether the model itself sent the message. */
    boolean wasSent(String messageId);

    /** Whether the model itself asked for this call. */
    boolean wasRequested(String toolUseId);

    /**
     * Remembers that a call has come back.
     *
     * @param journalOffset behind the line of the journal that has the result
     * @return false if it came back at another place before
     */
    boolean markReturned(String toolUseId, long journalOffset);

    /** The exchanges that ended behind the offset, a page of them, oldest first. */
    List<MeteredTurn> usageAfter(long offset) throws IOException;

    @Override
    void close();
  }

  /** An exchange with the run that it belongs to and the offset behind its line. */
  record MeteredTurn(RunId run, ModelExchange exchange, long endOffset) {}
}
