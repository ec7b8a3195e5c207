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
  record InForce(EnvironmentId id, String name, EnvironmentDefinition terms, boolean archived) {}

  void lock(TenantId tenant) {
    sql.sql("select true from (select pg_advisory_xact_lock(hashtextextended(?, 0))) held")
        .param(key(tenant))
        .query(Boolean.class)
        .single();
  }

  /** Sessions may open beside one another, and not while an environment changes. */
  void share(TenantId tenant) {
    sql.sql("select true from (select pg_advisory_xact_lock_shared(hashtextextended(?, 0))) held")
        .param(key(tenant))
        .query(Boolean.class)
        .single();
  }

  private static String key(TenantId tenant) {
    return "environments/" + tenant.value();
  }

  void add(TenantId tenant, InForce one) {
    sql.sql(
            """
            insert into environment_in_force (environment_id, tenant, name, terms, archived)
            values (?, ?, ?, ?, false)\
            """)
        .params(one.id().value(), tenant.value(), one.name(), JSON.writeValueAsString(one.terms()))
        .update();
  }

  void replace(EnvironmentId id, String name, EnvironmentDefinition definition) {
    sql.sql("update environment_in_force set name = ?, terms = ? where environment_id = ?")
        .params(name, JSON.writeValueAsString(definition), id.value())
        .update();
  }

  void setArchived(EnvironmentId id, boolean archived) {
    sql.sql("update environment_in_force set archived = ? where environment_id = ?")
        .params(archived, id.value())
        .update();
  }

  void remove(EnvironmentId id) {
    sql.sql("delete from environment_in_force where environment_id = ?").param(id.value()).update();
  }

  /** A tenant that has chosen already is not told otherwise by what it began with. */
  void choose(TenantId tenant, EnvironmentId id, long choice) {
    sql.sql(
            """
            insert into environment_standard as had (tenant, environment_id, choice)
            values (?, ?, ?)
            on conflict (tenant) do update
            set environment_id = excluded.environment_id, choice = excluded.choice
            where had.choice < excluded.choice\
            """)
        .params(tenant.value(), id.value(), choice)
        .update();
  }

  void use(EnvironmentId id) {
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
    return sql.sql("select count(*) from environment_in_force where tenant = ?")
        .param(tenant.value())
        .query(Integer.class)
        .single();
  }

  boolean isNameTaken(TenantId tenant, String name, EnvironmentId by) {
    return sql.sql(
            """
            select exists (select 1 from environment_in_force
              where tenant = ? and name = ? and environment_id <> ?)\
            """)
        .params(tenant.value(), name, by.value())
        .query(Boolean.class)
        .single();
  }

  /** The choice that holds; empty before the first environment of the tenant. */
  Optional<Choice> choice(TenantId tenant) {
    return sql.sql("select environment_id, choice from environment_standard where tenant = ?")
        .param(tenant.value())
        .query((row, n) -> new Choice(new EnvironmentId(row.getString(1)), row.getLong(2)))
        .optional();
  }

  /** Which one, and how many were chosen until then. */
  record Choice(EnvironmentId id, long number) {}

  Optional<InForce> find(TenantId tenant, EnvironmentId id) {
    return sql.sql(
            """
            select name, terms, archived from environment_in_force
            where tenant = ? and environment_id = ?\
            """)
        .params(tenant.value(), id.value())
        .query(
            (row, n) ->
                new InForce(
                    id,
                    row.getString(1),
                    JSON.readValue(row.getString(2), EnvironmentDefinition.class),
                    row.getBoolean(3)))
        .optional();
  }
}
