package io.agentledger.command.flow;

import io.agentledger.api.flow.FlowId;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.identity.security.MessageAuthorizer;
import io.agentledger.api.shared.Money;
import io.agentledger.api.shared.Rejection.NotFound;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.api.task.ExecutionId;
import io.agentledger.api.task.TaskQuery.FindExecutionSpending;
import java.util.concurrent.CompletionException;
import org.axonframework.messaging.GenericMessage;
import org.axonframework.messaging.responsetypes.ResponseTypes;
import org.axonframework.queryhandling.QueryGateway;

/** Reads what the executions of a flow, and those that their agents started, have cost. */
record FlowCostReader(QueryGateway queries) {
  Money of(TenantId tenant, FlowId flow) {
    return spendingOf(tenant, flow.planExecution()).plus(spendingOf(tenant, flow.workExecution()));
  }

  /** Returns zero for an execution that was not queued. */
  private Money spendingOf(TenantId tenant, ExecutionId execution) {
    try {
      return queries
          .query(
              new GenericMessage<>(
                  new FindExecutionSpending(tenant, execution), MessageAuthorizer.SYSTEM),
              ResponseTypes.instanceOf(Money.class))
          .join();
    } catch (CompletionException e) {
      for (Throwable cause = e; cause != null; cause = cause.getCause())
        if (cause instanceof RejectionException refused && refused.rejection() instanceof NotFound)
          return Money.ZERO;
      throw e;
    }
  }
}
