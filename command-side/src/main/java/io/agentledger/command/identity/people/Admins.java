package io.agentledger.command.identity.people;

import io.agentledger.api.identity.TenantId;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.shared.Rejected;
import io.agentledger.api.shared.Rejection.IdentityRefused;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Keeps every tenant from losing its last admin. */
public class Admins {
  private final JdbcClient sql;

  Admins(JdbcClient sql) {
    this.sql = sql;
  }

  /**
   * Refuses unless somebody else is an admin of the tenant, too. All of them are locked until the
   * transaction ends: of two who demote one another, the second is refused.
   */
  public void requireAnother(TenantId tenant, UserId leaving) {
    var admins =
        sql.sql(
                """
                select user_id from identity_user
                where tenant = ? and role = 'ADMIN' and not disabled
                order by user_id for update""")
            .param(tenant.value())
            .query(String.class)
            .list();
    if (admins.stream().allMatch(leaving.value()::equals))
      throw new Rejected(
          new IdentityRefused("last_admin", "The tenant would be left without an admin."));
  }
}
