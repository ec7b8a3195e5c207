package io.agentledger.command.flow;

import io.agentledger.api.flow.FlowCommand.FailFlow;
import io.agentledger.api.flow.FlowFailure;
import io.agentledger.api.flow.FlowId;
import io.agentledger.api.flow.FlowOrigin;
import io.agentledger.api.flow.FlowStep;
import io.agentledger.api.identity.Caller;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.shared.Rejection;
import io.agentledger.api.task.ExecutionCommand.CancelDescendant;
import io.agentledger.api.task.ExecutionCommand.QueueExecution;
import io.agentledger.api.task.ExecutionId;
import io.agentledger.api.task.ExecutionRequest;
import io.agentledger.api.task.ExecutionTrigger;
import io.agentledger.api.trigger.InboundDeliveryId;
import io.agentledger.api.trigger.TriggerId;
import io.agentledger.command.support.TenantMembership;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.axonframework.messaging.HandlerExecutionException;

/**
 * Queues and cancels the executions of flows as their owners. A repetition queues nothing again,
 * because the ids of executions derive from the flow.
 */
class FlowExecutions {
  private final FlowReader reader;
  private final TenantMembership members;
  private final FlowCommandSender commands;

  FlowExecutions(FlowReader reader, TenantMembership members, FlowCommandSender commands) {
    this.reader = reader;
    this.members = members;
    this.commands = commands;
  }

  /** Queues the execution of the plan. */
  void queuePlan(TenantId tenant, FlowId flow) {
    var state = reader.read(flow);
    var step = Objects.requireNonNull(state.definition().plan());
    queue(tenant, state, flow.planExecution(), step, step.request());
  }

  /** Queues the execution of the work, whose prompt contains the plan. */
  void queueWork(TenantId tenant, FlowId flow) {
    var state = reader.read(flow);
    var step = state.definition().work();
    queue(tenant, state, flow.workExecution(), step, WorkPrompt.requestOf(state));
  }

  private void queue(
      TenantId tenant,
      FlowState flow,
      ExecutionId execution,
      FlowStep step,
      ExecutionRequest request) {
    var caller = findOwner(tenant, flow);
    if (caller.isEmpty()) {
      fail(
          tenant,
          flow.flowId(),
          new FlowFailure(
              "user_inactive", "The owner of the flow is disabled or has left the tenant."));
      return;
    }
    var command =
        new QueueExecution(
            execution,
            step.task(),
            flow.principal(),
            toTrigger(flow),
            step.options(),
            request,
            null,
            null);
    try {
      commands.sendAs(caller.get(), command);
    } catch (HandlerExecutionException refused) {
      // The saga repeats the event after a fault.
      if (!(refused.getDetails().orElse(null) instanceof Rejection rejection)) throw refused;
      fail(tenant, flow.flowId(), new FlowFailure(rejection.code(), rejection.message()));
    }
  }

  /** An execution of a flow that a trigger started counts as one of the trigger. */
  private static ExecutionTrigger toTrigger(FlowState flow) {
    return switch (flow.origin()) {
      case FlowOrigin.Manual _ -> new ExecutionTrigger.Flow(flow.flowId());
      case FlowOrigin.Trigger origin ->
          new ExecutionTrigger.Webhook(
              new TriggerId(origin.triggerId()),
              new InboundDeliveryId(origin.deliveryId()),
              origin.signed(),
              origin.concurrencyKey(),
              flow.flowId().value());
    };
  }

  private Optional<Caller> findOwner(TenantId tenant, FlowState flow) {
    return new FlowOwner(members).find(tenant, flow);
  }

  private void fail(TenantId tenant, FlowId flow, FlowFailure failure) {
    commands.send(tenant, new FailFlow(flow, failure));
  }

  /** Cancels the executions of a flow that have not ended. */
  void cancel(TenantId tenant, FlowId flow) {
    for (var execution : List.of(flow.planExecution(), flow.workExecution()))
      try {
        commands.send(tenant, new CancelDescendant(execution));
      } catch (HandlerExecutionException refused) {
        // Rejected if it was not queued; anything else is tried again.
        if (!(refused.getDetails().orElse(null) instanceof Rejection)) throw refused;
      }
  }
}
