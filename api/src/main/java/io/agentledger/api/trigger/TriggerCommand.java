package io.agentledger.api.trigger;

import io.agentledger.api.audit.ShownInAudit;
import io.agentledger.api.identity.Scope;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.identity.security.ApiCommand;
import io.agentledger.api.identity.security.RequiresScope;
import io.agentledger.api.shared.Idempotency;
import io.agentledger.api.shared.Idempotent;
import io.agentledger.api.shared.StableName;
import io.agentledger.api.task.ExecutionPrincipal;
import io.agentledger.api.task.TaskId;
import org.axonframework.modelling.command.TargetAggregateIdentifier;
import org.jspecify.annotations.Nullable;

/** Commands for triggers. */
@StableName("trigger")
public sealed interface TriggerCommand extends ApiCommand {
  /** Maximum number of triggers of a tenant that are not archived. */
  int TRIGGERS_MAX = 500;

  @TargetAggregateIdentifier
  TriggerId triggerId();

  /**
   * Properties of a trigger that are not sealed.
   *
   * @param name at most 255 characters
   * @param provider github, jira, sentry, or any other name
   * @param providerDefault whether it receives what is sent to the provider's address without a
   *     trigger; at most one of a tenant and provider
   * @param principal user as whom it starts executions
   */
  record TriggerProperties(
      @ShownInAudit String name,
      @ShownInAudit String provider,
      boolean providerDefault,
      TriggerSignature signature,
      TaskId taskId,
      ConcurrencyPolicy concurrency,
      ExecutionPrincipal principal) {
    /** Returns the same properties with another principal. */
    public TriggerProperties withPrincipal(ExecutionPrincipal other) {
      return new TriggerProperties(
          name, provider, providerDefault, signature, taskId, concurrency, other);
    }
  }

  /**
   * Creates a trigger and returns its {@link TriggerId}; a repeated command returns the id of the
   * first one.
   */
  @RequiresScope(Scope.SESSIONS_WRITE)
  @StableName("CreateTrigger")
  record CreateTrigger(
      TriggerId triggerId,
      UserId ownerId,
      TriggerProperties properties,
      TriggerDefinition definition,
      @Nullable Idempotency idempotency)
      implements TriggerCommand, Idempotent {}

  /**
   * Replaces a trigger and returns its version; permitted to the owner and admins. Deliveries that
   * wait are processed with the new version.
   *
   * @param version version that the change is based on
   */
  @RequiresScope(Scope.SESSIONS_WRITE)
  @StableName("ChangeTrigger")
  record ChangeTrigger(
      TriggerId triggerId, TriggerProperties properties, TriggerDefinition definition, long version)
      implements TriggerCommand {}

  /** Pauses a trigger: its deliveries are kept and start nothing. Idempotent. */
  @RequiresScope(Scope.SESSIONS_WRITE)
  @StableName("PauseTrigger")
  record PauseTrigger(TriggerId triggerId, @Nullable Idempotency idempotency)
      implements TriggerCommand, Idempotent {}

  /** Continues with the next delivery. Idempotent. */
  @RequiresScope(Scope.SESSIONS_WRITE)
  @StableName("ResumeTrigger")
  record ResumeTrigger(TriggerId triggerId, @Nullable Idempotency idempotency)
      implements TriggerCommand, Idempotent {}

  /** Archives the trigger permanently: its address does not exist any more. Idempotent. */
  @RequiresScope(Scope.SESSIONS_WRITE)
  @StableName("ArchiveTrigger")
  record ArchiveTrigger(TriggerId triggerId) implements TriggerCommand {}
}
