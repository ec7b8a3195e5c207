package io.agentledger.projection.task;

import io.agentledger.api.task.ExecutionEvent;
import io.agentledger.api.task.ExecutionEvent.AttemptDeferred;
import io.agentledger.api.task.ExecutionEvent.AttemptFailed;
import io.agentledger.api.task.ExecutionEvent.ExecutionCancelled;
import io.agentledger.api.task.ExecutionEvent.ExecutionContinued;
import io.agentledger.api.task.ExecutionEvent.ExecutionFailed;
import io.agentledger.api.task.ExecutionEvent.ExecutionQueued;
import io.agentledger.api.task.ExecutionEvent.ExecutionStarted;
import io.agentledger.api.task.ExecutionEvent.ExecutionSucceeded;
import io.agentledger.api.task.ExecutionEvent.ExecutionTimedOut;
import io.agentledger.api.task.ExecutionEvent.ExecutionWaiting;
import io.agentledger.api.task.ExecutionStatus;
import io.agentledger.projection.support.ConfigurationProjection;
import io.agentledger.projection.support.PoisonEventIsolator;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventhandling.EventHandler;
import org.jspecify.annotations.Nullable;

/** Keeps one row for each execution. */
@ProcessingGroup(TaskProjection.GROUP)
class ExecutionProjection extends ConfigurationProjection<ExecutionRow> {
  ExecutionProjection(ExecutionRowRepository executions, PoisonEventIsolator poisonEventIsolator) {
    super(executions, poisonEventIsolator);
  }

  @EventHandler
  void on(ExecutionEvent event, DomainEventMessage<?> message) {
    switch (event) {
      case ExecutionQueued queued -> insert(new ExecutionRow(queued, message), message);
      case ExecutionStarted started ->
          update(message, row -> row.start(started, message.getTimestamp()));
      case ExecutionWaiting _ -> record(ExecutionStatus.WAITING, null, message);
      case ExecutionContinued _ -> record(ExecutionStatus.RUNNING, null, message);
      case AttemptFailed failed ->
          update(message, row -> row.retry(failed, message.getTimestamp()));
      case AttemptDeferred deferred -> update(message, row -> row.defer(deferred));
      case ExecutionSucceeded _ -> record(ExecutionStatus.SUCCEEDED, null, message);
      case ExecutionFailed failed -> record(ExecutionStatus.FAILED, failed, message);
      case ExecutionCancelled _ -> record(ExecutionStatus.CANCELLED, null, message);
      case ExecutionTimedOut _ -> record(ExecutionStatus.TIMED_OUT, null, message);
    }
  }

  private void record(
      ExecutionStatus status, @Nullable ExecutionFailed failed, DomainEventMessage<?> message) {
    var failure = failed == null ? null : failed.failure();
    update(message, row -> row.record(status, failure, message.getTimestamp()));
  }
}
