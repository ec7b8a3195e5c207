package io.agentledger.command.environment;

import io.agentledger.api.environment.EnvironmentDefinition;
import io.agentledger.api.environment.EnvironmentEvent.DefaultEnvironmentChanged;
import io.agentledger.api.environment.EnvironmentEvent.DefaultEnvironmentCreated;
import io.agentledger.api.environment.EnvironmentEvent.EnvironmentArchived;
import io.agentledger.api.environment.EnvironmentEvent.EnvironmentChanged;
import io.agentledger.api.environment.EnvironmentEvent.EnvironmentCreated;
import io.agentledger.api.environment.EnvironmentEvent.EnvironmentDeleted;
import io.agentledger.api.environment.EnvironmentEvent.EnvironmentRestored;
import io.agentledger.api.environment.EnvironmentId;
import io.agentledger.api.identity.TenantId;
import io.agentledger.command.support.LookupTable;
import io.agentledger.store.event.JsonMappers;
import java.util.Map;
import java.util.Optional;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.EventHandler;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.json.JsonMapper;

/**
 * Table of the current environments, updated in the transaction of the events, so that it has no
 * delay.
 */
@ProcessingGroup(EnvironmentLookupTable.GROUP)
class EnvironmentLookupTable extends LookupTable {
  static final String GROUP = "environment-lookup";
  private static final JsonMapper JSON = JsonMappers.mapper();

  EnvironmentLookupTable(JdbcClient sql) {
    super(sql, "environment_lookup", "environment_id");
  }

  /** Stored environment. */
  record StoredEnvironment(
      EnvironmentId id, String name, EnvironmentDefinition definition, boolean archived) {}

  /**
   * Acquires a shared lock: sessions may open concurrently, but not while an environment changes.
   */
  void lockShared(TenantId tenant) {
    sql.sql("select true from (select pg_advisory_xact_lock_shared(hashtextextended(?, 0))) held")
        .param(lockKey(tenant))
        .query(Boolean.class)
        .single();
  }

  @EventHandler
  void on(EnvironmentCreated event, TenantId tenant) {
    add(tenant, event.environmentId(), event.name(), event.definition());
  }

  /** Marks the environment as used, because sessions may open in it before it is in this table. */
  @EventHandler
  void on(DefaultEnvironmentCreated event, TenantId tenant) {
    add(tenant, event.environmentId(), event.name(), event.definition());
    setDefault(tenant, event.environmentId(), 0);
    markUsed(event.environmentId());
  }

  private void add(
      TenantId tenant, EnvironmentId id, String name, EnvironmentDefinition definition) {
    var stored = JSON.writeValueAsString(definition);
    insert(id, tenant, Map.of("name", name, "definition", stored, "archived", false));
  }

  @EventHandler
  void on(EnvironmentChanged event) {
    var definition = JSON.writeValueAsString(event.definition());
    update(event.environmentId(), Map.of("name", event.name(), "definition", definition));
  }

  @EventHandler
  void on(DefaultEnvironmentChanged event, TenantId tenant) {
    setDefault(tenant, event.environmentId(), event.changeNumber());
  }

  @EventHandler
  void on(EnvironmentArchived event) {
    update(event.environmentId(), Map.of("archived", true));
  }

  @EventHandler
  void on(EnvironmentRestored event) {
    update(event.environmentId(), Map.of("archived", false));
  }

  @EventHandler
  void on(EnvironmentDeleted event) {
    remove(event.environmentId());
  }

  /**
   * Sets the default, unless a later choice is stored: the tenant may choose another one before its
   * first environment is created.
   */
  private void setDefault(TenantId tenant, EnvironmentId id, long changeNumber) {
    sql.sql(
            """
            insert into environment_default as had (tenant, environment_id, change_number)
            values (?, ?, ?)
            on conflict (tenant) do update
            set environment_id = excluded.environment_id, change_number = excluded.change_number
            where had.change_number < excluded.change_number\
            """)
        .params(tenant.value(), id.value(), changeNumber)
        .update();
  }

  void markUsed(EnvironmentId id) {
    sql.sql("insert into environment_use (environment_id) values (?) on conflict do nothing")
        .param(id.value())
        .update();
  }

  boolean isUsed(EnvironmentId id) {
    return sql.sql("select exists (select 1 from environment_use where environment_id = ?)")
        .param(id.value())
        .query(Boolean.class)
        .single();
  }

  /** Returns the current choice; empty before the first environment of the tenant. */
  Optional<DefaultChoice> findDefault(TenantId tenant) {
    return sql.sql("select environment_id, change_number from environment_default where tenant = ?")
        .param(tenant.value())
        .query((row, n) -> new DefaultChoice(new EnvironmentId(row.getString(1)), row.getLong(2)))
        .optional();
  }

  /** Default environment, and the number of choices before it. */
  record DefaultChoice(EnvironmentId id, long number) {}

  Optional<StoredEnvironment> find(TenantId tenant, EnvironmentId id) {
    return sql.sql(
            """
            select name, definition, archived from environment_lookup
            where tenant = ? and environment_id = ?\
            """)
        .params(tenant.value(), id.value())
        .query(
            (row, n) ->
                new StoredEnvironment(
                    id,
                    row.getString(1),
                    JSON.readValue(row.getString(2), EnvironmentDefinition.class),
                    row.getBoolean(3)))
        .optional();
  }
}
