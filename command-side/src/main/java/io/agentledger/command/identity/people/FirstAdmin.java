package io.agentledger.command.identity.people;

import io.agentledger.api.identity.TenantId;
import io.agentledger.api.identity.UserId;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Who was the first to sign up. Of any number at once it is one. */
final class FirstAdmin {
  private final JdbcClient sql;

  FirstAdmin(JdbcClient sql) {
    this.sql = sql;
  }

  boolean isFound() {
    return sql.sql("select first_admin is not null from local_owner").query(Boolean.class).single();
  }

  /** True for the first; the next ones wait here for the first one's transaction to end. */
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
