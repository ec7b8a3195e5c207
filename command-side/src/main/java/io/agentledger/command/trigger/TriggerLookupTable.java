package io.agentledger.command.trigger;

import io.agentledger.api.identity.TenantId;
import io.agentledger.api.trigger.TriggerCommand.TriggerProperties;
import io.agentledger.api.trigger.TriggerEvent;
import io.agentledger.api.trigger.TriggerEvent.TriggerArchived;
import io.agentledger.api.trigger.TriggerEvent.TriggerChanged;
import io.agentledger.api.trigger.TriggerEvent.TriggerCreated;
import io.agentledger.api.trigger.TriggerEvent.TriggerPaused;
import io.agentledger.api.trigger.TriggerEvent.TriggerResumed;
import io.agentledger.api.trigger.TriggerId;
import io.agentledger.api.trigger.TriggerSignature;
import io.agentledger.api.trigger.WebhookReceiver.WebhookAddress;
import io.agentledger.command.support.LookupTable;
import io.agentledger.command.support.SuspendedTenants;
import io.agentledger.store.event.JsonMappers;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.EventHandler;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.json.JsonMapper;

/**
 * Table of the triggers, updated in the transaction of the events. A node leases a trigger from it
 * while it processes deliveries of the trigger, so that they are processed in their order.
 */
@ProcessingGroup(TriggerLookupTable.GROUP)
class TriggerLookupTable extends LookupTable {
  static final String GROUP = "trigger-lookup";
  private static final JsonMapper JSON = JsonMappers.mapper();
  private static final String SELECT =
      """
      select trigger_id, tenant, provider, signature, version, paused, archived
      from trigger_lookup where\
      """;

  private static final String RECEIVES =
      " and not archived and not " + SuspendedTenants.contain("trigger_lookup.tenant");

  TriggerLookupTable(JdbcClient sql) {
    super(sql, "trigger_lookup", "trigger_id");
  }

  /** Trigger as the table has it. */
  record StoredTrigger(
      TriggerId id,
      TenantId tenant,
      String provider,
      TriggerSignature signature,
      long version,
      boolean paused,
      boolean archived) {}

  @EventHandler
  void on(TriggerEvent event, TenantId tenant) {
    switch (event) {
      case TriggerCreated created -> {
        var columns = columns(created.properties(), 1);
        columns.put("owner", created.ownerId().value());
        columns.put("paused", false);
        columns.put("archived", false);
        insert(created.triggerId(), tenant, columns);
      }
      case TriggerChanged changed ->
          update(changed.triggerId(), columns(changed.properties(), changed.version()));
      case TriggerPaused paused -> update(paused.triggerId(), Map.of("paused", true));
      case TriggerResumed resumed -> update(resumed.triggerId(), Map.of("paused", false));
      case TriggerArchived archived -> update(archived.triggerId(), Map.of("archived", true));
    }
  }

  private static Map<String, Object> columns(TriggerProperties properties, long version) {
    return new HashMap<>(
        Map.of(
            "provider",
            properties.provider(),
            "is_default",
            properties.providerDefault(),
            "signature",
            JSON.writeValueAsString(properties.signature()),
            "version",
            version));
  }

  private static StoredTrigger toTrigger(ResultSet row, int number) throws SQLException {
    return new StoredTrigger(
        new TriggerId(row.getString(1)),
        new TenantId(row.getString(2)),
        row.getString(3),
        JSON.readValue(row.getString(4), TriggerSignature.class),
        row.getLong(5),
        row.getBoolean(6),
        row.getBoolean(7));
  }

  /** Returns the number of triggers of a tenant that are not archived. */
  int countActive(TenantId tenant) {
    return sql.sql("select count(*) from trigger_lookup where tenant = ? and not archived")
        .param(tenant.value())
        .query(Integer.class)
        .single();
  }

  Optional<TriggerId> findDefault(TenantId tenant, String provider) {
    return sql.sql(
            """
            select trigger_id from trigger_lookup
            where tenant = ? and provider = ? and is_default and not archived""")
        .params(tenant.value(), provider)
        .query(String.class)
        .optional()
        .map(TriggerId::new);
  }

  Optional<StoredTrigger> find(TriggerId id) {
    return sql.sql(SELECT + " trigger_id = ?")
        .param(id.value())
        .query(TriggerLookupTable::toTrigger)
        .optional();
  }

  /**
   * Returns the trigger of an address that is not archived, and not of a suspended tenant.
   *
   * @param defaultTenant tenant whose default triggers are meant by addresses without a trigger
   */
  Optional<StoredTrigger> find(WebhookAddress address, TenantId defaultTenant) {
    var trigger = address.triggerId();
    return (trigger == null
            ? sql.sql(SELECT + " tenant = ? and provider = ? and is_default" + RECEIVES)
                .params(defaultTenant.value(), address.provider())
            : sql.sql(SELECT + " trigger_id = ? and provider = ?" + RECEIVES)
                .params(trigger.value(), address.provider()))
        .query(TriggerLookupTable::toTrigger)
        .optional();
  }

  /**
   * Leases a trigger whose oldest pending delivery is due, the one whose last lease is the longest
   * ago.
   *
   * @param stale leases that are older have been left by their node
   * @param working triggers whose deliveries this node processes; other leases of it were left by
   *     its previous process
   */
  Optional<StoredTrigger> lease(
      String node, Instant now, Instant stale, Collection<TriggerId> working) {
    return sql.sql(
            """
            update trigger_lookup set node = :node, claimed_at = :now
            where trigger_id = (
              select t.trigger_id from trigger_lookup t
              where (t.node is null or t.claimed_at < :stale or t.node = :node)
                and not t.trigger_id = any(:working)
                and (
                  select d.due_at from inbound_delivery d
                  where d.trigger_id = t.trigger_id and d.status = 'PENDING'
                  order by d.sequence limit 1) <= :now
              order by t.claimed_at nulls first limit 1
              for update skip locked)
            returning trigger_id, tenant, provider, signature, version, paused, archived""")
        .param("node", node)
        .param("now", Timestamp.from(now))
        .param("stale", Timestamp.from(stale))
        .param("working", working.stream().map(TriggerId::value).toArray(String[]::new))
        .query(TriggerLookupTable::toTrigger)
        .optional();
  }

  /** Renews the lease of a node; returns whether the node still has it. */
  boolean renew(TriggerId id, String node, Instant now) {
    return sql.sql("update trigger_lookup set claimed_at = ? where trigger_id = ? and node = ?")
            .params(Timestamp.from(now), id.value(), node)
            .update()
        > 0;
  }

  /** Ends the lease of a node; the trigger may be leased again after all others. */
  void release(TriggerId id, String node) {
    sql.sql("update trigger_lookup set node = null where trigger_id = ? and node = ?")
        .params(id.value(), node)
        .update();
  }
}
