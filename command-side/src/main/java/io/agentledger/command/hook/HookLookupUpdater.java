package io.agentledger.command.hook;

import io.agentledger.api.hook.HookEvent.HookArchived;
import io.agentledger.api.hook.HookEvent.HookChanged;
import io.agentledger.api.hook.HookEvent.HookCreated;
import io.agentledger.api.identity.Provenance;
import io.agentledger.api.identity.TenantId;
import io.agentledger.command.hook.HookLookupTable.StoredHook;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.EventHandler;
import org.axonframework.messaging.annotation.MetaDataValue;

/** Writes down who is called, before the event that says so is committed. */
@ProcessingGroup(HookLookupUpdater.GROUP)
class HookLookupUpdater {
  static final String GROUP = "hook-lookup";

  private final HookLookupTable hooks;

  HookLookupUpdater(HookLookupTable hooks) {
    this.hooks = hooks;
  }

  @EventHandler
  void on(
      HookCreated event, @MetaDataValue(value = Provenance.TENANT, required = true) String tenant) {
    hooks.add(
        new TenantId(tenant),
        event.scope(),
        new StoredHook(event.hookId(), event.name(), event.definition()));
  }

  @EventHandler
  void on(HookChanged event) {
    hooks.replace(new StoredHook(event.hookId(), event.name(), event.definition()));
  }

  @EventHandler
  void on(HookArchived event) {
    hooks.remove(event.hookId());
  }
}
