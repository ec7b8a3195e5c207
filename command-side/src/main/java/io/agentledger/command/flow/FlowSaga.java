package io.agentledger.command.flow;

import io.agentledger.api.flow.FlowCommand.CompletePlanning;
import io.agentledger.api.flow.FlowCommand.CompleteWork;
import io.agentledger.api.flow.FlowCommand.FailFlow;
import io.agentledger.api.flow.FlowCommand.RecordCancelledExecution;
import io.agentledger.api.flow.FlowCommand.TimeOutFlow;
import io.agentledger.api.flow.FlowEvent.ApprovalRequested;
import io.agentledger.api.flow.FlowEvent.FlowApproved;
import io.agentledger.api.flow.FlowEvent.FlowCancelled;
import io.agentledger.api.flow.FlowEvent.FlowFailed;
import io.agentledger.api.flow.FlowEvent.FlowRejected;
import io.agentledger.api.flow.FlowEvent.FlowStarted;
import io.agentledger.api.flow.FlowEvent.FlowSucceeded;
import io.agentledger.api.flow.FlowEvent.FlowTimedOut;
import io.agentledger.api.flow.FlowEvent.PlanRecorded;
import io.agentledger.api.flow.FlowFailure;
import io.agentledger.api.flow.FlowId;
import io.agentledger.api.identity.Provenance;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.shared.StableName;
import io.agentledger.api.task.ExecutionEvent.ExecutionCancelled;
import io.agentledger.api.task.ExecutionEvent.ExecutionFailed;
import io.agentledger.api.task.ExecutionEvent.ExecutionSucceeded;
import io.agentledger.api.task.ExecutionEvent.ExecutionTimedOut;
import io.agentledger.api.task.ExecutionId;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.deadline.DeadlineManager;
import org.axonframework.deadline.annotation.DeadlineHandler;
import org.axonframework.messaging.MetaData;
import org.axonframework.modelling.saga.EndSaga;
import org.axonframework.modelling.saga.SagaEventHandler;
import org.axonframework.modelling.saga.SagaLifecycle;
import org.axonframework.modelling.saga.StartSaga;
import org.axonframework.spring.stereotype.Saga;
import org.springframework.beans.factory.annotation.Autowired;

/**
 * Flow from its start to its end: queues its executions, follows them, and ends the wait for a
 * decision. The executions have their own timeouts. Commands may be sent twice or too late; the
 * flow and its executions then ignore them.
 */
@Saga
@StableName("FlowSaga")
@ProcessingGroup(FlowSaga.GROUP)
@SuppressWarnings("NullAway.Init") // Set by the first event and the framework.
public class FlowSaga {
  static final String GROUP = "flow-steps";
  static final String APPROVAL = "flow-approval";
  private static final String FLOW = "flowId";
  private static final String EXECUTION = "executionId";

  @Autowired private transient DeadlineManager deadlines;
  @Autowired private transient CommandGateway commands;
  @Autowired private transient FlowExecutions executions;

  private TenantId tenant;
  private FlowId flow;

  /** For the framework. */
  public FlowSaga() {}

  @StartSaga
  @SagaEventHandler(associationProperty = FLOW)
  void on(FlowStarted event, MetaData metadata) {
    tenant = Provenance.of(metadata).tenant();
    flow = event.flowId();
    SagaLifecycle.associateWith(EXECUTION, flow.planExecution().value());
    SagaLifecycle.associateWith(EXECUTION, flow.workExecution().value());
    if (event.plan().isEmpty()) executions.queueWork(tenant, flow);
    else executions.queuePlan(tenant, flow);
  }

  @SagaEventHandler(associationProperty = FLOW)
  void on(PlanRecorded event) {
    executions.queueWork(tenant, flow);
  }

  @SagaEventHandler(associationProperty = FLOW)
  void on(ApprovalRequested event) {
    deadlines.schedule(event.decideUntil(), APPROVAL);
  }

  @DeadlineHandler(deadlineName = APPROVAL)
  void onExpiry() {
    send(new TimeOutFlow(flow));
  }

  @SagaEventHandler(associationProperty = FLOW)
  void on(FlowApproved event) {
    deadlines.cancelAllWithinScope(APPROVAL);
    executions.queueWork(tenant, flow);
  }

  @SagaEventHandler(associationProperty = EXECUTION)
  void on(ExecutionSucceeded event) {
    send(isPlan(event.executionId()) ? new CompletePlanning(flow) : new CompleteWork(flow));
  }

  @SagaEventHandler(associationProperty = EXECUTION)
  void on(ExecutionFailed event) {
    var failure = event.failure();
    fail(
        event.executionId(),
        "execution_failed",
        "failed (" + failure.code() + "): " + failure.message());
  }

  @SagaEventHandler(associationProperty = EXECUTION)
  void on(ExecutionTimedOut event) {
    fail(event.executionId(), "execution_timed_out", "exceeded its timeout.");
  }

  @SagaEventHandler(associationProperty = EXECUTION)
  void on(ExecutionCancelled event) {
    send(new RecordCancelledExecution(flow));
  }

  private void fail(ExecutionId execution, String code, String end) {
    var step = isPlan(execution) ? "plan" : "work";
    var message = "The execution " + execution + " of the " + step + " " + end;
    send(new FailFlow(flow, new FlowFailure(code, message)));
  }

  private boolean isPlan(ExecutionId execution) {
    return execution.equals(flow.planExecution());
  }

  @EndSaga
  @SagaEventHandler(associationProperty = FLOW)
  void on(FlowSucceeded event) {}

  @EndSaga
  @SagaEventHandler(associationProperty = FLOW)
  void on(FlowRejected event) {
    deadlines.cancelAllWithinScope(APPROVAL);
  }

  @EndSaga
  @SagaEventHandler(associationProperty = FLOW)
  void on(FlowFailed event) {}

  @EndSaga
  @SagaEventHandler(associationProperty = FLOW)
  void on(FlowTimedOut event) {}

  @EndSaga
  @SagaEventHandler(associationProperty = FLOW)
  void on(FlowCancelled event) {
    deadlines.cancelAllWithinScope(APPROVAL);
    executions.cancel(tenant, flow);
  }

  private void send(Object command) {
    new FlowCommandSender(commands).send(tenant, command);
  }
}
