package io.agentledger.command.identity.user;

import io.agentledger.api.identity.TenantId;
import io.agentledger.api.identity.UserId;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Claim of the first user to become the admin. After any user has joined in any way, no user
 * becomes an admin by registration; of concurrent registrations one succeeds.
 */
final class FirstAdminClaim {
  private final JdbcClient sql;

  FirstAdminClaim(JdbcClient sql) {
    this.sql = sql;
  }

  boolean isClaimed() {
    return sql.sql("select first_admin is not null from local_owner").query(Boolean.class).single();
  }

  /**
   * Returns true for the first user; concurrent claims wait here until the first one's transaction
   * ends.
   */
  boolean claim(UserId user) {
    return sql.sql("update local_owner set first_admin = ? where first_admin is null")
            .param(user.value())
            .update()
        == 1;
  }

  TenantId foundingTenant() {
    return new TenantId(sql.sql("select tenant from local_owner").query(String.class).single());
  }
}
