package io.agentledger.command.identity.login;

import io.agentledger.api.identity.CredentialId;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Table of logins. */
final class LoginTable {
  private final JdbcClient sql;

  LoginTable(JdbcClient sql) {
    this.sql = sql;
  }

  boolean exists(CredentialId credential) {
    return sql.sql("select exists (select 1 from identity_login where credential = ?)")
        .param(credential.value())
        .query(Boolean.class)
        .single();
  }

  /** Of those that all ended together the login itself does not know. */
  boolean isActive(CredentialId login) {
    return sql.sql(
            "select exists (select 1 from identity_login where credential = ? and not ended)")
        .param(login.value())
        .query(Boolean.class)
        .single();
  }

  /** Forgets those that ended or were over a day ago; returns how many. */
  int purge() {
    return sql.sql(
            """
            delete from identity_login where expires_at < now() - interval '1 day'""")
        .update();
  }
}
