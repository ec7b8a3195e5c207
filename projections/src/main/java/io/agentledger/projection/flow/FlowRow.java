package io.agentledger.projection.flow;

import io.agentledger.api.flow.FlowEvent.FlowStarted;
import io.agentledger.api.flow.FlowOrigin;
import io.agentledger.api.flow.FlowStatus;
import io.agentledger.api.task.ExecutionCommand.TaskRef;
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
import java.util.List;
import org.axonframework.eventhandling.DomainEventMessage;
import org.hibernate.annotations.Immutable;
import org.jspecify.annotations.Nullable;

/** One flow; its name is that of the task that does the work. */
@Entity
@Table(name = "flow_row")
@SuppressWarnings("NullAway.Init")
public class FlowRow extends ConfigurationRow {
  private String owner;

  @Enumerated(EnumType.STRING)
  private FlowStatus status;

  @Convert(converter = OriginColumn.class)
  private FlowOrigin origin;

  private String triggerId;

  @Convert(converter = TaskColumn.class)
  private @Nullable TaskRef planTask;

  @Convert(converter = TaskColumn.class)
  private TaskRef workTask;

  private String planTaskId;
  private String workTaskId;
  private String sourceKey;

  @Convert(converter = SealedContentConverter.class)
  private @Nullable SealedContent definition;

  @Convert(converter = SealedContentConverter.class)
  private @Nullable SealedContent plan;

  private @Nullable Instant planAt;
  private @Nullable Instant decideUntil;
  private String branch;

  @Convert(converter = SealedContentConverter.class)
  private @Nullable SealedContent pullRequest;

  private String errorCode;

  @Convert(converter = SealedContentConverter.class)
  private @Nullable SealedContent error;

  @Convert(converter = StepsColumn.class)
  private FlowSteps steps;

  private @Nullable Instant endedAt;

  protected FlowRow() {}

  FlowRow(FlowStarted event, DomainEventMessage<?> message, FlowSteps.Step step) {
    super(event.work().name(), message);
    this.owner = event.principal().userId().value();
    this.status = event.plan().isEmpty() ? FlowStatus.EXECUTING : FlowStatus.PLANNING;
    this.origin = event.origin();
    this.triggerId =
        event.origin() instanceof FlowOrigin.Trigger trigger ? trigger.triggerId() : "";
    this.planTask = event.plan().isEmpty() ? null : event.plan().getFirst();
    this.workTask = event.work();
    this.planTaskId = event.plan().isEmpty() ? "" : event.plan().getFirst().taskId().value();
    this.workTaskId = event.work().taskId().value();
    this.sourceKey = event.sourceKey();
    this.definition = SealedContent.of(FlowStarted.class, "definition", event.definition());
    this.branch = "";
    this.errorCode = "";
    this.steps = new FlowSteps(List.of(step));
  }

  void add(FlowSteps.Step step) {
    steps = steps.with(step);
  }

  void recordStatus(FlowStatus newStatus, Instant at) {
    status = newStatus;
    decideUntil = null;
    if (newStatus.isFinal()) endedAt = at;
  }

  void recordPlan(@Nullable SealedContent text, Instant at) {
    plan = text;
    planAt = at;
  }

  void recordDeadline(Instant until) {
    decideUntil = until;
  }

  void recordBranch(String name) {
    branch = name;
  }

  void recordPullRequest(@Nullable SealedContent url) {
    pullRequest = url;
  }

  void recordError(String code, @Nullable SealedContent message) {
    errorCode = code;
    error = message;
  }

  public String owner() {
    return owner;
  }

  public FlowStatus status() {
    return status;
  }

  public FlowOrigin origin() {
    return origin;
  }

  public @Nullable TaskRef planTask() {
    return planTask;
  }

  public TaskRef workTask() {
    return workTask;
  }

  public @Nullable SealedContent definition() {
    return definition;
  }

  public @Nullable SealedContent plan() {
    return plan;
  }

  public @Nullable Instant planAt() {
    return planAt;
  }

  public @Nullable Instant decideUntil() {
    return decideUntil;
  }

  public String branch() {
    return branch;
  }

  public @Nullable SealedContent pullRequest() {
    return pullRequest;
  }

  public String errorCode() {
    return errorCode;
  }

  public @Nullable SealedContent error() {
    return error;
  }

  public List<FlowSteps.Step> steps() {
    return steps.steps();
  }

  public @Nullable Instant endedAt() {
    return endedAt;
  }

  @Immutable
  static final class OriginColumn extends JsonConverter<FlowOrigin> {
    OriginColumn() {
      super(FlowOrigin.class);
    }
  }

  @Immutable
  static final class TaskColumn extends JsonConverter<TaskRef> {
    TaskColumn() {
      super(TaskRef.class);
    }
  }

  /** Its texts are sealed. */
  @Immutable
  static final class StepsColumn extends JsonConverter<FlowSteps> {
    StepsColumn() {
      super(FlowSteps.class);
    }
  }
}
