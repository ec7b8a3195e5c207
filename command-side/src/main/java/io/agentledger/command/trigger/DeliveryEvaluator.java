package io.agentledger.command.trigger;

import com.samskivert.mustache.MustacheException;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.task.TaskId;
import io.agentledger.api.trigger.DeliveryPreview;
import io.agentledger.api.trigger.TriggerDefinition;
import io.agentledger.api.trigger.TriggerEvaluator;
import io.agentledger.api.trigger.TriggerFlow;
import io.agentledger.api.trigger.TriggerView;
import io.agentledger.api.trigger.WebhookRequest;
import io.agentledger.command.trigger.CompiledTrigger.Evaluation;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Checks definitions, and evaluates payloads as they would be if a provider sent them. */
final class DeliveryEvaluator implements TriggerEvaluator {
  /** Any task: definitions are checked before it is looked up. */
  private static final TaskId ANY_TASK = new TaskId("tsk_2222222222");

  private final Supplier<TenantId> foundingTenant;

  /**
   * @param foundingTenant tenant whose default triggers are meant by addresses without a trigger
   */
  DeliveryEvaluator(Supplier<TenantId> foundingTenant) {
    this.foundingTenant = foundingTenant;
  }

  @Override
  public void check(TriggerDefinition definition) {
    new CompiledTrigger(ProviderEvent.GITHUB, ANY_TASK, definition);
    if (definition.condition() != null) requireValidExpressions(definition.condition());
  }

  private static void requireValidExpressions(String condition) {
    try {
      TriggerCondition.requireValidExpressions(condition);
    } catch (IllegalArgumentException e) {
      throw new InvalidTriggerException(
          "condition", "must have regular expressions of RE2 in matches: " + e.getMessage());
    }
  }

  @Override
  public boolean canBeDefault(TenantId tenant) {
    return tenant.equals(foundingTenant.get());
  }

  @Override
  public DeliveryPreview preview(TriggerView trigger, WebhookRequest request) {
    var payload = PayloadReader.read(request);
    if (payload.isEmpty()) return DeliveryPreview.failed("The payload is no JSON object.");
    var definition =
        new TriggerDefinition(
            trigger.description(),
            trigger.condition(),
            trigger.prefix(),
            trigger.commands(),
            trigger.prompt(),
            trigger.concurrencyKey(),
            trigger.variables(),
            trigger.ownIdentities(),
            trigger.priority(),
            trigger.flow(),
            null);
    var type = ProviderEvent.type(trigger.provider(), request, payload.get().head());
    Evaluation evaluation;
    try {
      evaluation =
          new CompiledTrigger(trigger.provider(), trigger.taskId(), definition)
              .evaluate(type, PayloadReader.toMap(payload.get().json()));
    } catch (MustacheException e) {
      return DeliveryPreview.failed(
          "A template of the trigger cannot be rendered for this payload: " + e.getMessage() + ".");
    }
    var event = evaluation.event().toFields();
    return switch (evaluation) {
      case Evaluation.Ignored(_, var reason) -> DeliveryPreview.ignored(event, reason);
      case Evaluation.Deciding(_, var comment, _) ->
          DeliveryPreview.ofCommand(event, comment.decision().name().toLowerCase(Locale.ROOT));
      case Evaluation.Helping _ -> DeliveryPreview.ofCommand(event, TriggerDefinition.HELP);
      case Evaluation.Started started -> toPreview(event, started, trigger.flow());
    };
  }

  private static DeliveryPreview toPreview(
      Map<String, String> event, Evaluation.Started started, @Nullable TriggerFlow flow) {
    var plan = flow == null ? null : flow.plan();
    return new DeliveryPreview(
        event,
        null,
        started.command().isEmpty() ? null : started.command(),
        started.taskId(),
        started.prompt(),
        started.key().isEmpty() ? null : started.key(),
        plan == null ? null : plan.taskId(),
        flow == null ? null : flow.requiresApproval(),
        null);
  }
}
