package io.agentledger.api.trigger;

import io.agentledger.api.identity.Scope;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.identity.security.RequiresScope;
import io.agentledger.api.identity.security.TenantScoped;
import io.agentledger.api.shared.PageRequest;
import io.agentledger.api.shared.StableName;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Queries about the caller's triggers; admins and auditors see all of the tenant. */
public sealed interface TriggerQuery extends TenantScoped {
  /**
   * Lists triggers, newest first; returns a page of {@link TriggerView}.
   *
   * @param provider null for all
   */
  @RequiresScope(Scope.SESSIONS_READ)
  @StableName("ListTriggers")
  record ListTriggers(
      TenantId tenant, @Nullable String provider, boolean includeArchived, PageRequest page)
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
