package io.agentledger.api.trigger;

import io.agentledger.api.identity.Scope;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.identity.security.RequiresScope;
import io.agentledger.api.identity.security.TenantScoped;
import io.agentledger.api.shared.PageRequest;
import io.agentledger.api.shared.StableName;
import io.agentledger.api.task.TaskId;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Queries about the caller's triggers; admins and auditors see all of the tenant. */
public sealed interface TriggerQuery extends TenantScoped {
  /**
   * Filter of a list of triggers.
   *
   * @param provider null for all
   * @param taskId task of the trigger; those of its commands do not count; null for all
   * @param paused null for all
   * @param text part of the name, in any case; null for all
   */
  record TriggerFilter(
      @Nullable String provider,
      @Nullable TaskId taskId,
      @Nullable Boolean paused,
      @Nullable String text,
      boolean includeArchived) {}

  /** Lists triggers, newest first; returns a page of {@link TriggerView}. */
  @RequiresScope(Scope.SESSIONS_READ)
  @StableName("ListTriggers")
  record ListTriggers(TenantId tenant, TriggerFilter filter, PageRequest page)
      implements TriggerQuery {}

  /** Lists versions of a trigger, newest first; returns a page of {@link TriggerVersionView}. */
  @RequiresScope(Scope.SESSIONS_READ)
  @StableName("ListTriggerVersions")
  record ListTriggerVersions(TenantId tenant, TriggerId triggerId, PageRequest page)
      implements TriggerQuery {}

  /** Returns a {@link TriggerView}. */
  @RequiresScope(Scope.SESSIONS_READ)
  @StableName("FindTrigger")
  record FindTrigger(TenantId tenant, TriggerId triggerId) implements TriggerQuery {}

  /**
   * Lists deliveries of a trigger, newest first; returns a page of {@link InboundDeliveryView}.
   *
   * @param statuses empty for all
   * @param eventType null for all
   * @param since null for all
   */
  @RequiresScope(Scope.SESSIONS_READ)
  @StableName("ListInboundDeliveries")
  record ListInboundDeliveries(
      TenantId tenant,
      TriggerId triggerId,
      Set<DeliveryStatus> statuses,
      @Nullable String eventType,
      @Nullable Instant since,
      PageRequest page)
      implements TriggerQuery {}

  /** Returns an {@link InboundDeliveryView} with its payload. */
  @RequiresScope(Scope.SESSIONS_READ)
  @StableName("FindInboundDelivery")
  record FindInboundDelivery(TenantId tenant, TriggerId triggerId, InboundDeliveryId deliveryId)
      implements TriggerQuery {}
}
