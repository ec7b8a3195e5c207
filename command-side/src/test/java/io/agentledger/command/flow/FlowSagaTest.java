package io.agentledger.command.flow;

import static io.agentledger.command.flow.FlowFixtures.FLOW;
import static io.agentledger.command.flow.FlowFixtures.HOME;
import static io.agentledger.command.flow.FlowFixtures.SERVICE;
import static io.agentledger.command.flow.FlowFixtures.approved;
import static io.agentledger.command.flow.FlowFixtures.definition;
import static io.agentledger.command.flow.FlowFixtures.sealed;
import static io.agentledger.command.flow.FlowFixtures.started;
import static io.agentledger.command.flow.FlowFixtures.workOnly;
import static org.assertj.core.api.Assertions.assertThat;

import io.agentledger.api.content.Content;
import io.agentledger.api.flow.FlowCommand.CompletePlanning;
import io.agentledger.api.flow.FlowCommand.CompleteWork;
import io.agentledger.api.flow.FlowCommand.FailFlow;
import io.agentledger.api.flow.FlowCommand.RecordCancelledExecution;
import io.agentledger.api.flow.FlowCommand.TimeOutFlow;
import io.agentledger.api.flow.FlowEvent.ApprovalRequested;
import io.agentledger.api.flow.FlowEvent.FlowCancelled;
import io.agentledger.api.flow.FlowEvent.FlowRejected;
import io.agentledger.api.flow.FlowEvent.FlowSucceeded;
import io.agentledger.api.flow.FlowEvent.PlanRecorded;
import io.agentledger.api.flow.FlowFailure;
import io.agentledger.api.flow.FlowId;
import io.agentledger.api.identity.Role;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.task.ExecutionEvent.ExecutionCancelled;
import io.agentledger.api.task.ExecutionEvent.ExecutionFailed;
import io.agentledger.api.task.ExecutionEvent.ExecutionSucceeded;
import io.agentledger.api.task.ExecutionEvent.ExecutionTimedOut;
import io.agentledger.api.task.ExecutionFailure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.axonframework.commandhandling.SimpleCommandBus;
import org.axonframework.commandhandling.gateway.DefaultCommandGateway;
import org.axonframework.eventhandling.GenericEventMessage;
import org.axonframework.eventsourcing.eventstore.EmbeddedEventStore;
import org.axonframework.eventsourcing.eventstore.inmemory.InMemoryEventStorageEngine;
import org.axonframework.test.saga.FixtureExecutionResult;
import org.axonframework.test.saga.SagaTestFixture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The flow follows its executions and ends the wait for a decision. */
class FlowSagaTest {
  private final List<String> calls = new ArrayList<>();
  private SagaTestFixture<FlowSaga> saga;

  @BeforeEach
  void fixture() {
    calls.clear();
    var reader =
        new FlowReader(
            EmbeddedEventStore.builder().storageEngine(new InMemoryEventStorageEngine()).build(),
            FlowFixtures.sealer());
    var sender =
        new FlowCommandSender(
            DefaultCommandGateway.builder().commandBus(SimpleCommandBus.builder().build()).build());
    saga = new SagaTestFixture<>(FlowSaga.class);
    saga.registerResource(
        new FlowExecutions(reader, (tenant, user) -> Optional.of(Role.MEMBER), sender) {
          @Override
          void queuePlan(TenantId tenant, FlowId flow) {
            calls.add("plan of " + flow + " in " + tenant);
          }

          @Override
          void queueWork(TenantId tenant, FlowId flow) {
            calls.add("work of " + flow + " in " + tenant);
          }

          @Override
          void cancel(TenantId tenant, FlowId flow) {
            calls.add("cancel " + flow + " in " + tenant);
          }
        });
  }

  private static Object message(Object event) {
    return new GenericEventMessage<>(event, SERVICE);
  }

  private FixtureExecutionResult afterStart(Object event) {
    return saga.givenAPublished(message(started(definition()))).whenPublishingA(message(event));
  }

  @Test
  void planIsQueuedFirstAndWithoutAPlanTheWork() {
    saga.givenNoPriorActivity()
        .whenPublishingA(message(started(definition())))
        .expectActiveSagas(1);
    assertThat(calls).containsExactly("plan of " + FLOW + " in " + HOME);
    fixture();
    saga.givenNoPriorActivity().whenPublishingA(message(started(workOnly()))).expectActiveSagas(1);
    assertThat(calls).containsExactly("work of " + FLOW + " in " + HOME);
  }

  @Test
  void endOfAnExecutionIsThatOfItsStep() {
    afterStart(new ExecutionSucceeded(FLOW.planExecution()))
        .expectDispatchedCommands(new CompletePlanning(FLOW));
    fixture();
    afterStart(new ExecutionSucceeded(FLOW.workExecution()))
        .expectDispatchedCommands(new CompleteWork(FLOW));
    fixture();
    afterStart(
            new ExecutionFailed(FLOW.workExecution(), new ExecutionFailure("lost", "It was lost.")))
        .expectDispatchedCommands(
            new FailFlow(
                FLOW,
                new FlowFailure(
                    "execution_failed",
                    "The execution "
                        + FLOW.workExecution()
                        + " of the work failed (lost): It was lost.")));
    fixture();
    afterStart(new ExecutionTimedOut(FLOW.planExecution()))
        .expectDispatchedCommands(
            new FailFlow(
                FLOW,
                new FlowFailure(
                    "execution_timed_out",
                    "The execution "
                        + FLOW.planExecution()
                        + " of the plan exceeded its timeout.")));
    fixture();
    afterStart(new ExecutionCancelled(FLOW.planExecution()))
        .expectDispatchedCommands(new RecordCancelledExecution(FLOW));
  }

  private ApprovalRequested requested() {
    return new ApprovalRequested(
        FLOW, sealed("plan"), saga.currentTime().plus(Duration.ofHours(1)));
  }

  @Test
  void waitForADecisionEnds() throws Exception {
    saga.givenAPublished(message(started(definition())))
        .andThenAPublished(message(requested()))
        .whenTimeElapses(Duration.ofHours(2))
        .expectDispatchedCommands(new TimeOutFlow(FLOW));
  }

  @Test
  void approvalOrAPlanWithoutOneQueuesTheWork() {
    saga.givenAPublished(message(started(definition())))
        .andThenAPublished(message(requested()))
        .whenPublishingA(message(approved()))
        .expectNoScheduledDeadlines()
        .expectActiveSagas(1);
    assertThat(calls).last().isEqualTo("work of " + FLOW + " in " + HOME);
    fixture();
    afterStart(new PlanRecorded(FLOW, sealed("plan"))).expectActiveSagas(1);
    assertThat(calls).last().isEqualTo("work of " + FLOW + " in " + HOME);
  }

  @Test
  void endedFlowLeavesNothingBehind() {
    saga.givenAPublished(message(started(definition())))
        .andThenAPublished(message(requested()))
        .whenPublishingA(message(new FlowCancelled(FLOW)))
        .expectNoScheduledDeadlines()
        .expectActiveSagas(0);
    assertThat(calls).last().isEqualTo("cancel " + FLOW + " in " + HOME);
    fixture();
    saga.givenAPublished(message(started(definition())))
        .andThenAPublished(message(requested()))
        .whenPublishingA(
            message(new FlowRejected(FLOW, FlowFixtures.ADA, List.of(), Content.ABSENT)))
        .expectNoScheduledDeadlines()
        .expectActiveSagas(0);
    fixture();
    afterStart(new FlowSucceeded(FLOW)).expectActiveSagas(0);
  }
}
