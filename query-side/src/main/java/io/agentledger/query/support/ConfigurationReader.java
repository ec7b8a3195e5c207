package io.agentledger.query.support;

import io.agentledger.api.identity.TenantId;
import io.agentledger.api.shared.ConfigurationListQuery;
import io.agentledger.api.shared.Id;
import io.agentledger.api.shared.Page;
import io.agentledger.api.shared.PageRequest;
import io.agentledger.api.shared.Rejection.NotFound;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.api.shared.StableNames;
import io.agentledger.projection.support.ConfigurationRepository;
import io.agentledger.projection.support.ConfigurationRow;
import io.agentledger.projection.support.VersionRepository;
import io.agentledger.projection.support.VersionRow;

/**
 * Reads the rows of configuration features. Blocks its caller on the database, and for single rows
 * a few seconds on the projection, so that clients see their own writes.
 */
public record ConfigurationReader(ReadModelAccess readModelAccess, CursorCodec cursorCodec) {
  /**
   * Returns a page of a tenant's rows, newest first.
   *
   * @param group the projection that writes the rows
   * @param list name of the list, which its cursors are bound to
   */
  public <R extends ConfigurationRow> Page<R> list(
      String group, String list, ConfigurationListQuery query, ConfigurationRepository<R> rows) {
    readModelAccess.await(group, query.page());
    String tenant = query.tenant().value();
    boolean archived = query.includeArchived();
    String[] cursorScope = {list, tenant, Boolean.toString(archived)};
    var after = NewestFirstPosition.from(cursorCodec, query.page(), cursorScope);
    var limit = CursorCodec.limitPlusOne(query.page());
    return cursorCodec.page(
        rows.page(tenant, archived, after.at(), after.id(), limit),
        query.page(),
        row -> new NewestFirstPosition(row.createdAt(), row.id()),
        cursorScope);
  }

  /** Returns a page of a tenant's rows that are not archived, by name. */
  public <R extends ConfigurationRow> Page<R> listByName(
      String group,
      String list,
      TenantId tenant,
      PageRequest page,
      ConfigurationRepository<R> rows) {
    readModelAccess.await(group, page);
    String[] cursorScope = {list, tenant.value()};
    String after = cursorCodec.decode(page, cursorScope).orElse("");
    var limit = CursorCodec.limitPlusOne(page);
    return cursorCodec.page(
        rows.pageByName(tenant.value(), after, limit), page, R::name, cursorScope);
  }

  /**
   * Returns the row of an id; rejected as not found if the tenant has none.
   *
   * @param group the projection that writes the rows
   */
  public <R extends ConfigurationRow> R find(
      String group, TenantId tenant, Id id, ConfigurationRepository<R> rows) {
    readModelAccess.await(group, id, rows::eventCountOf);
    return rows.findByIdAndTenant(id.value(), tenant.value())
        .orElseThrow(() -> new RejectionException(NotFound.of(id)));
  }

  /** Returns a page of the versions of a row that the caller may see, newest first. */
  public <V extends VersionRow> Page<V> listVersions(
      TenantId tenant, Id id, PageRequest page, VersionRepository<V> versions) {
    String[] cursorScope = {
      StableNames.of(id.getClass()) + "_versions", tenant.value(), id.value()
    };
    long before = cursorCodec.decode(page, cursorScope).map(Long::parseLong).orElse(Long.MAX_VALUE);
    var limit = CursorCodec.limitPlusOne(page);
    return cursorCodec.page(
        versions.page(id.value(), before, limit),
        page,
        version -> version.key().sequence(),
        cursorScope);
  }
}
