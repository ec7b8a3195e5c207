package io.agentledger.command.support;

/** Condition of statements that ask whether a row belongs to a suspended tenant. */
public final class SuspendedTenants {
  private SuspendedTenants() {}

  /**
   * Returns a condition in SQL that holds if a tenant is suspended. The table is written in the
   * transaction of the suspension.
   *
   * @param column column with the id of the tenant, with its table
   */
  public static String contain(String column) {
    return """
    exists (
      select 1 from identity_tenant suspended
      where suspended.tenant = %s and suspended.suspended)"""
        .formatted(column);
  }
}
