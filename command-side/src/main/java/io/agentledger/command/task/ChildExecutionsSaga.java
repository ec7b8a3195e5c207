package io.agentledger.command.task;

import io.agentledger.api.identity.Provenance;
import io.agentledger.api.shared.StableName;
import io.agentledger.api.task.ExecutionCommand.CancelDescendant;
import io.agentledger.api.task.ExecutionEvent.ExecutionCancelled;
import io.agentledger.api.task.ExecutionEvent.ExecutionFailed;
import io.agentledger.api.task.ExecutionEvent.ExecutionTimedOut;
import io.agentledger.api.task.ExecutionId;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.messaging.MetaData;
import org.axonframework.modelling.saga.EndSaga;
import org.axonframework.modelling.saga.SagaEventHandler;
import org.axonframework.modelling.saga.StartSaga;
import org.axonframework.spring.stereotype.Saga;
import org.springframework.beans.factory.annotation.Autowired;

/**
 * Cancellation of the executions that agents of a stopped execution started, directly or by others
 * in between. Commands may be sent twice; an execution that has ended ignores them.
 */
@Saga
@StableName("ChildExecutionsSaga")
@ProcessingGroup(ExecutionSaga.GROUP)
@SuppressWarnings("NullAway.Init") // Set by the framework.
public class ChildExecutionsSaga {
  private static final String EXECUTION = "executionId";

  @Autowired private transient CommandGateway commands;
  @Autowired private transient ChildExecutions children;

  /** For the framework. */
  public ChildExecutionsSaga() {}

  @StartSaga
  @EndSaga
  @SagaEventHandler(associationProperty = EXECUTION)
  void on(ExecutionCancelled event, MetaData metadata) {
    cancelDescendants(event.executionId(), metadata);
  }

  @StartSaga
  @EndSaga
  @SagaEventHandler(associationProperty = EXECUTION)
  void on(ExecutionTimedOut event, MetaData metadata) {
    cancelDescendants(event.executionId(), metadata);
  }

  @StartSaga
  @EndSaga
  @SagaEventHandler(associationProperty = EXECUTION)
  void on(ExecutionFailed event, MetaData metadata) {
    cancelDescendants(event.executionId(), metadata);
  }

  private void cancelDescendants(ExecutionId execution, MetaData metadata) {
    var tenant = Provenance.of(metadata).tenant();
    var sender = new ExecutionCommandSender(commands);
    for (var descendant : children.listDescendants(execution))
      sender.send(tenant, new CancelDescendant(descendant));
  }
}
