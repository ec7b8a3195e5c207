package io.agentledger.projection.task;

import io.agentledger.api.task.ExecutionAttempt;
import io.agentledger.api.task.ExecutionEvent.AttemptDeferred;
import io.agentledger.api.task.ExecutionEvent.AttemptFailed;
import io.agentledger.api.task.ExecutionEvent.ExecutionQueued;
import io.agentledger.api.task.ExecutionEvent.ExecutionStarted;
import io.agentledger.api.task.ExecutionFailure;
import io.agentledger.api.task.ExecutionOptions;
import io.agentledger.api.task.ExecutionStatus;
import io.agentledger.api.task.ExecutionTrigger;
import io.agentledger.projection.support.ConfigurationRow;
import io.agentledger.projection.support.JsonConverter;
import io.agentledger.projection.support.SealedContent;
import io.agentledger.projection.support.SealedContentConverter;
import jakarta.persistence.Convert;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.axonframework.eventhandling.DomainEventMessage;
import org.hibernate.annotations.Immutable;
import org.jspecify.annotations.Nullable;

/** One execution; its name is that of the task when it was queued. */
@Entity
@Table(name = "execution_row")
@SuppressWarnings("NullAway.Init")
public class ExecutionRow extends ConfigurationRow {
  private String taskId;
  private long taskVersion;
  private String userId;
  private @Nullable String parentSessionId;
  private @Nullable String parentExecutionId;
  private int depth;
  private @Nullable String flowId;

  @Convert(converter = TriggerColumn.class)
  private ExecutionTrigger trigger;

  @Convert(converter = OptionsColumn.class)
  private ExecutionOptions options;

  @Enumerated(EnumType.STRING)
  private ExecutionStatus status;

  @Convert(converter = AttemptsColumn.class)
  private Attempts attempts;

  @Convert(converter = FailureColumn.class)
  private @Nullable ExecutionFailure error;

  @Convert(converter = SealedContentConverter.class)
  private @Nullable SealedContent request;

  private @Nullable Instant endedAt;
  private @Nullable Instant nextAttemptAt;

  protected ExecutionRow() {}

  ExecutionRow(ExecutionQueued event, DomainEventMessage<?> message) {
    super(event.task().name(), message);
    this.taskId = event.task().taskId().value();
    this.taskVersion = event.task().version();
    this.userId = event.principal().userId().value();
    this.trigger = event.trigger();
    if (event.trigger() instanceof ExecutionTrigger.Agent agent) {
      this.parentSessionId = agent.sessionId().value();
      this.parentExecutionId =
          agent.ancestors().isEmpty() ? null : agent.ancestors().getFirst().value();
      this.depth = agent.depth();
    }
    this.flowId = flowOf(event.trigger());
    this.options = event.options();
    this.status = ExecutionStatus.QUEUED;
    this.attempts = new Attempts(List.of());
    this.request = SealedContent.of(ExecutionQueued.class, "request", event.request());
  }

  private static @Nullable String flowOf(ExecutionTrigger trigger) {
    return switch (trigger) {
      case ExecutionTrigger.Flow flow -> flow.flowId().value();
      case ExecutionTrigger.Webhook webhook when !webhook.flowId().isEmpty() -> webhook.flowId();
      default -> null;
    };
  }

  void start(ExecutionStarted event, Instant at) {
    var list = new ArrayList<>(attempts.list());
    list.add(
        new ExecutionAttempt(
            event.attempt(), event.sessionId(), ExecutionStatus.RUNNING, at, null, null));
    attempts = new Attempts(list);
    status = ExecutionStatus.RUNNING;
    error = null;
    nextAttemptAt = null;
  }

  void retry(AttemptFailed event, Instant at) {
    record(ExecutionStatus.FAILED, event.failure(), at);
    status = ExecutionStatus.QUEUED;
    endedAt = null;
    nextAttemptAt = event.retryAt();
  }

  /** Removes an attempt that does not count. */
  void defer(AttemptDeferred event) {
    var list = new ArrayList<>(attempts.list());
    list.removeLast();
    attempts = new Attempts(list);
    status = ExecutionStatus.QUEUED;
    error = event.refusal();
    nextAttemptAt = event.retryAt();
  }

  void record(ExecutionStatus newStatus, @Nullable ExecutionFailure failure, Instant at) {
    boolean inProgress = status != ExecutionStatus.QUEUED;
    status = newStatus;
    nextAttemptAt = null;
    if (failure != null) error = failure;
    if (newStatus.isFinal()) endedAt = at;
    if (!inProgress || attempts.list().isEmpty()) return;
    var list = new ArrayList<>(attempts.list());
    list.add(list.removeLast().with(newStatus, failure, at));
    attempts = new Attempts(list);
  }

  public String taskId() {
    return taskId;
  }

  public long taskVersion() {
    return taskVersion;
  }

  public String userId() {
    return userId;
  }

  public @Nullable String parentSessionId() {
    return parentSessionId;
  }

  public @Nullable String parentExecutionId() {
    return parentExecutionId;
  }

  public int depth() {
    return depth;
  }

  public ExecutionTrigger trigger() {
    return trigger;
  }

  public ExecutionOptions options() {
    return options;
  }

  public ExecutionStatus status() {
    return status;
  }

  public List<ExecutionAttempt> attempts() {
    return attempts.list();
  }

  public @Nullable ExecutionFailure error() {
    return error;
  }

  public @Nullable SealedContent request() {
    return request;
  }

  public @Nullable Instant endedAt() {
    return endedAt;
  }

  public @Nullable Instant nextAttemptAt() {
    return nextAttemptAt;
  }

  /** Attempts, oldest first. */
  record Attempts(List<ExecutionAttempt> list) {
    Attempts {
      list = List.copyOf(list);
    }
  }

  @Immutable
  static final class TriggerColumn extends JsonConverter<ExecutionTrigger> {
    TriggerColumn() {
      super(ExecutionTrigger.class);
    }
  }

  @Immutable
  static final class OptionsColumn extends JsonConverter<ExecutionOptions> {
    OptionsColumn() {
      super(ExecutionOptions.class);
    }
  }

  @Immutable
  static final class AttemptsColumn extends JsonConverter<Attempts> {
    AttemptsColumn() {
      super(Attempts.class);
    }
  }

  @Immutable
  static final class FailureColumn extends JsonConverter<ExecutionFailure> {
    FailureColumn() {
      super(ExecutionFailure.class);
    }
  }
}
