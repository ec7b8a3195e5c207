package io.agentledger.command.subscription;

import io.agentledger.api.identity.TenantId;
import io.agentledger.api.subscription.SubscriptionEvent.SubscriptionCreated;
import io.agentledger.api.subscription.SubscriptionEvent.SubscriptionDeleted;
import io.agentledger.command.support.LookupTable;
import java.util.Map;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.EventHandler;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Table of the subscriptions that are not deleted, for their number. */
@ProcessingGroup(SubscriptionLookupTable.GROUP)
class SubscriptionLookupTable extends LookupTable {
  static final String GROUP = "subscription-lookup";

  SubscriptionLookupTable(JdbcClient sql) {
    super(sql, "subscription_lookup", "subscription_id");
  }

  @EventHandler
  void on(SubscriptionCreated event, TenantId tenant) {
    insert(event.subscriptionId(), tenant, Map.of("owner", event.owner().userId().value()));
  }

  @EventHandler
  void on(SubscriptionDeleted event) {
    remove(event.subscriptionId());
  }
}
