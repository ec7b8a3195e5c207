package io.agentledger.command.support;

import io.agentledger.api.identity.TenantId;
import io.agentledger.api.shared.Id;
import io.agentledger.store.Topology;
import java.util.List;
import java.util.Map;
import org.axonframework.config.ConfigurerModule;
import org.axonframework.eventhandling.PropagatingErrorHandler;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Base class of tables that commands and runs read. A subclass handles the events of its feature in
 * their transaction, so that a row never lags behind its event.
 */
public abstract class LookupTable {
  /** Access to the database, in the current transaction. */
  protected final JdbcClient sql;

  private final String table;
  private final String idColumn;
  private final @Nullable TenantsWithoutRows tenantsWithoutRows;

  protected LookupTable(JdbcClient sql, String table, String idColumn) {
    this(sql, table, idColumn, new Topology(false));
  }

  /**
   * Creates the table.
   *
   * @param topology on a single node, tenants without rows are remembered
   */
  protected LookupTable(JdbcClient sql, String table, String idColumn, Topology topology) {
    this.sql = sql;
    this.table = table;
    this.idColumn = idColumn;
    this.tenantsWithoutRows = topology.singleNode() ? new TenantsWithoutRows() : null;
  }

  /** Handles the events of a group in the transaction that appends them, which fails with it. */
  public static ConfigurerModule processor(String group) {
    return axon ->
        axon.eventProcessing()
            .registerSubscribingEventProcessor(group)
            .registerListenerInvocationErrorHandler(
                group, configuration -> PropagatingErrorHandler.instance());
  }

  /** Inserts the row of a new object, in the transaction of its event. */
  protected final void insert(Id id, TenantId tenant, Map<String, ?> columns) {
    if (tenantsWithoutRows != null) tenantsWithoutRows.onInsertion(tenant);
    var names = idColumn + ", tenant, " + String.join(", ", columns.keySet());
    var places = "?, ?" + ", ?".repeat(columns.size());
    sql.sql("insert into " + table + " (" + names + ") values (" + places + ")")
        .param(id.value())
        .param(tenant.value())
        .params(List.copyOf(columns.values()))
        .update();
  }

  protected final void update(Id id, Map<String, ?> columns) {
    var changes = String.join(" = ?, ", columns.keySet()) + " = ?";
    sql.sql("update " + table + " set " + changes + " where " + idColumn + " = ?")
        .params(List.copyOf(columns.values()))
        .param(id.value())
        .update();
  }

  protected final void remove(Id id) {
    sql.sql("delete from " + table + " where " + idColumn + " = ?").param(id.value()).update();
  }

  /** The number of rows of a tenant. */
  public final int countOf(TenantId tenant) {
    return sql.sql("select count(*) from " + table + " where tenant = ?")
        .param(tenant.value())
        .query(Integer.class)
        .single();
  }

  /**
   * Returns whether a tenant certainly has no row, mostly without a query; always false if the
   * database has other nodes, which may insert some.
   */
  public final boolean isEmpty(TenantId tenant) {
    return tenantsWithoutRows != null
        && tenantsWithoutRows.isWithoutRows(tenant, () -> countOf(tenant) == 0);
  }

  /**
   * Acquires a lock of the tenant until the end of the transaction, so that a name is used once.
   */
  public void lock(TenantId tenant) {
    sql.sql("select true from (select pg_advisory_xact_lock(hashtextextended(?, 0))) held")
        .param(lockKey(tenant))
        .query(Boolean.class)
        .single();
  }

  protected final String lockKey(TenantId tenant) {
    return table + "/" + tenant.value();
  }

  /**
   * Returns whether a row of the tenant other than {@code id} has the name; other commands that ask
   * wait for the end of this transaction.
   */
  public final boolean isNameTaken(TenantId tenant, String name, Id id) {
    lock(tenant);
    return sql.sql(
            "select exists (select 1 from "
                + table
                + " where tenant = ? and name = ? and "
                + idColumn
                + " <> ?)")
        .params(tenant.value(), name, id.value())
        .query(Boolean.class)
        .single();
  }
}
