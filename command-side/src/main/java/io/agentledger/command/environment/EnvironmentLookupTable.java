package io.agentledger.command.environment;

import io.agentledger.api.environment.EnvironmentDefinition;
import io.agentledger.api.environment.EnvironmentId;
import io.agentledger.api.identity.TenantId;
import io.agentledger.store.event.JsonMappers;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.json.JsonMapper;

/**
 * The table of environments as they are now, kept in the transaction of the events that say so. It
 * is no projection, and lags behind nothing.
 */
final class EnvironmentLookupTable {
  private static final JsonMapper JSON = JsonMappers.mapper();

  private final JdbcClient sql;

  EnvironmentLookupTable(JdbcClient sql) {
    this.sql = sql;
  }

  /** One as it stands. */
  record StoredEnvironment(
      EnvironmentId id, String name, EnvironmentDefinition definition, boolean archived) {}

  void lock(TenantId tenant) {
    sql.sql("select true from (select pg_advisory_xact_lock(hashtextextended(?, 0))) held")
        .param(lockKey(tenant))
        .query(Boolean.class)
        .single();
  }

  /** Sessions may open beside one another, and not while an environment changes. */
  void lockShared(TenantId tenant) {
    sql.sql("select true from (select pg_advisory_xact_lock_shared(hashtextextended(?, 0))) held")
        .param(lockKey(tenant))
        .query(Boolean.class)
        .single();
  }

  private static String lockKey(TenantId tenant) {
    return "environments/" + tenant.value();
  }

  void add(TenantId tenant, StoredEnvironment environment) {
    sql.sql(
            """
            insert into environment_lookup (environment_id, tenant, name, definition, archived)
            values (?, ?, ?, ?, false)\
            """)
        .params(
            environment.id().value(),
            tenant.value(),
            environment.name(),
            JSON.writeValueAsString(environment.definition()))
        .update();
  }

  void replace(EnvironmentId id, String name, EnvironmentDefinition definition) {
    sql.sql("update environment_lookup set name = ?, definition = ? where environment_id = ?")
        .params(name, JSON.writeValueAsString(definition), id.value())
        .update();
  }

  void setArchived(EnvironmentId id, boolean archived) {
    sql.sql("update environment_lookup set archived = ? where environment_id = ?")
        .params(archived, id.value())
        .update();
  }

  void remove(EnvironmentId id) {
    sql.sql("delete from environment_lookup where environment_id = ?").param(id.value()).update();
  }

  /** A tenant that has chosen already is not told otherwise by what it began with. */
  void setDefault(TenantId tenant, EnvironmentId id, long changeNumber) {
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

  int countOf(TenantId tenant) {
    return sql.sql("select count(*) from environment_lookup where tenant = ?")
        .param(tenant.value())
        .query(Integer.class)
        .single();
  }

  boolean isNameTaken(TenantId tenant, String name, EnvironmentId environmentId) {
    return sql.sql(
            """
            select exists (select 1 from environment_lookup
              where tenant = ? and name = ? and environment_id <> ?)\
            """)
        .params(tenant.value(), name, environmentId.value())
        .query(Boolean.class)
        .single();
  }

  /** The choice that holds; empty before the first environment of the tenant. */
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
