package io.agentledger.command.task;

import static io.agentledger.command.task.TaskFixtures.EXECUTION;
import static io.agentledger.command.task.TaskFixtures.SERVICE;

import io.agentledger.api.task.ExecutionCommand.CancelDescendant;
import io.agentledger.api.task.ExecutionEvent.ExecutionCancelled;
import io.agentledger.api.task.ExecutionEvent.ExecutionFailed;
import io.agentledger.api.task.ExecutionEvent.ExecutionSucceeded;
import io.agentledger.api.task.ExecutionEvent.ExecutionTimedOut;
import io.agentledger.api.task.ExecutionFailure;
import io.agentledger.api.task.ExecutionId;
import java.util.List;
import org.axonframework.eventhandling.GenericEventMessage;
import org.axonframework.test.saga.SagaTestFixture;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** A stopped execution takes those with it that its agents started. */
class ChildExecutionsSagaTest {
  private static final ExecutionId CHILD = ExecutionId.next();
  private static final ExecutionId GRANDCHILD = ExecutionId.next();

  private static SagaTestFixture<ChildExecutionsSaga> saga() {
    var saga = new SagaTestFixture<>(ChildExecutionsSaga.class);
    saga.registerResource(
        new ChildExecutions(JdbcClient.create(new DriverManagerDataSource())) {
          @Override
          List<ExecutionId> listDescendants(ExecutionId execution) {
            return List.of(CHILD, GRANDCHILD);
          }
        });
    return saga;
  }

  private static Object message(Object event) {
    return new GenericEventMessage<>(event, SERVICE);
  }

  @Test
  void descendantsOfAStoppedExecutionAreCancelled() {
    for (var stopped :
        List.of(
            new ExecutionCancelled(EXECUTION),
            new ExecutionTimedOut(EXECUTION),
            new ExecutionFailed(EXECUTION, new ExecutionFailure("lost", "It was lost."))))
      saga()
          .givenNoPriorActivity()
          .whenPublishingA(message(stopped))
          .expectDispatchedCommands(new CancelDescendant(CHILD), new CancelDescendant(GRANDCHILD))
          .expectActiveSagas(0);
    saga()
        .givenNoPriorActivity()
        .whenPublishingA(message(new ExecutionSucceeded(EXECUTION)))
        .expectNoDispatchedCommands();
  }
}
