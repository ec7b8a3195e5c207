package io.agentledger.command.trigger;

import io.agentledger.api.flow.FlowCommand.StartFlow;
import io.agentledger.api.flow.FlowDefinition;
import io.agentledger.api.flow.FlowId;
import io.agentledger.api.flow.FlowOrigin;
import io.agentledger.api.flow.FlowStep;
import io.agentledger.api.flow.ProviderConnection;
import io.agentledger.api.flow.SourceReference;
import io.agentledger.api.task.ExecutionCommand.TaskRef;
import io.agentledger.api.task.ExecutionOptions;
import io.agentledger.api.task.ExecutionRequest;
import io.agentledger.api.task.TaskView;
import io.agentledger.api.trigger.ConcurrencyPolicy;
import io.agentledger.api.trigger.DeliveryOutcome.Failed;
import io.agentledger.api.trigger.SignatureScheme;
import io.agentledger.api.trigger.TriggerDefinition;
import io.agentledger.api.trigger.TriggerFlow;
import io.agentledger.command.trigger.CompiledTrigger.Evaluation;
import io.agentledger.command.trigger.DeliveryProcessor.Work;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Flow that a delivery starts. The texts of the event are part of the first step only; with a plan,
 * the work gets the plan, and its task has a prompt of its own.
 *
 * @param planTask null without a plan
 * @param workTask task of the trigger or of the command
 */
record TriggeredFlow(
    Work work,
    Evaluation.Started started,
    TriggerFlow flow,
    @Nullable TaskView planTask,
    TaskView workTask) {
  /** Returns why the flow cannot be started; empty if it can. */
  Optional<Failed> findObstacle() {
    if (flow.reply() != null && started.item().isEmpty())
      return Optional.of(
          new Failed(
              "event_without_item",
              "The flow of the trigger replies, but the event names no issue that it could reply"
                  + " to. Limit the trigger to such events by its condition, or remove the"
                  + " reply."));
    if (planTask != null && workTask.prompt() == null)
      return Optional.of(
          new Failed(
              "task_without_prompt",
              "The task "
                  + workTask.id()
                  + " of the work has no prompt, to which the plan is appended. Give it one."));
    return Optional.empty();
  }

  /** Returns the request of the step that does the work. */
  ExecutionRequest workRequest() {
    return planTask == null
        ? requestWithEvent(started, workTask, values())
        : new ExecutionRequest(
            workTask.variables(), workTask.session(), workTask.prompt(), values());
  }

  private Map<String, String> values() {
    return valuesFor(work.trigger().definition(), workTask);
  }

  /**
   * Creates the command that starts the flow.
   *
   * @param key digest of the concurrency key; empty for none
   */
  StartFlow toCommand(String key) {
    var delivery = work.delivery();
    return new StartFlow(
        FlowId.ofDelivery(delivery.id().value(), delivery.attempt()),
        work.trigger().properties().principal(),
        new FlowOrigin.Trigger(
            work.stored().id().value(), delivery.id().value(), delivery.signed(), key),
        toDefinition(),
        delivery.attempt() > 1
            || work.trigger().properties().concurrency() == ConcurrencyPolicy.REFUSE,
        null);
  }

  private FlowDefinition toDefinition() {
    var trigger = work.trigger().definition();
    var step = flow.plan();
    var source = flow.reply() == null ? null : started.item().orElseThrow();
    return new FlowDefinition(
        planTask == null || step == null
            ? null
            : step(
                planTask, step.priority(), requestWithEvent(started, planTask, step.variables())),
        step(workTask, trigger.priority(), workRequest()),
        flow.requiresApproval(),
        flow.approvalTimeout(),
        source,
        source == null ? null : connection(source),
        flow.repository() == null ? null : flow.repository().toRepository(),
        invitesDecisions(source) ? trigger.prefix() : null);
  }

  private ProviderConnection connection(SourceReference source) {
    var reply = Objects.requireNonNull(flow.reply());
    var apiUrl = reply.apiUrl();
    return new ProviderConnection(
        source.provider(), apiUrl == null ? "" : apiUrl, reply.credential());
  }

  private boolean invitesDecisions(@Nullable SourceReference source) {
    return source != null
        && work.trigger().definition().acceptsDecisions()
        && DecisionComment.isSupported(work.stored().provider())
        && signsContent(work.trigger().properties().signature().scheme());
  }

  /** Returns whether a signature shows who sent a text; a secret in a header does not. */
  static boolean signsContent(SignatureScheme scheme) {
    return scheme != SignatureScheme.NONE && scheme != SignatureScheme.SHARED_HEADER;
  }

  private static FlowStep step(
      TaskView task, @Nullable Integer priority, ExecutionRequest request) {
    return new FlowStep(toRef(task), toOptions(task, priority), request);
  }

  static TaskRef toRef(TaskView task) {
    return new TaskRef(task.id(), task.version(), task.name());
  }

  /**
   * Returns the options of an execution.
   *
   * @param priority null: that of the task
   */
  static ExecutionOptions toOptions(TaskView task, @Nullable Integer priority) {
    var timeout = task.timeout();
    return new ExecutionOptions(
        Objects.requireNonNullElse(priority, task.priority()),
        timeout == null ? Duration.ZERO : timeout,
        task.retry().maxAttempts(),
        task.retry().delay());
  }

  /** Returns the request of a step whose prompt contains the marked texts of the event. */
  static ExecutionRequest requestWithEvent(
      Evaluation.Started started, TaskView task, Map<String, String> values) {
    return new ExecutionRequest(task.variables(), task.session(), toPrompt(started, task), values);
  }

  /** Placeholders of tasks in texts from outside are literal text. */
  private static String toPrompt(Evaluation.Started started, TaskView task) {
    var literal = started.prompt().replace("${", "$${");
    var prompt = task.prompt();
    return prompt == null || started.replacesPrompt() ? literal : prompt + "\n\n" + literal;
  }

  static Map<String, String> valuesFor(TriggerDefinition definition, TaskView task) {
    var known = task.variables().stream().map(variable -> variable.name()).toList();
    return definition.variables().entrySet().stream()
        .filter(value -> known.contains(value.getKey()))
        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
  }
}
