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

  /**
   * Returns whether the login is active. The aggregate itself does not know if all logins of its
   * user were ended together.
   */
  boolean isActive(CredentialId login) {
    return sql.sql(
            "select exists (select 1 from identity_login where credential = ? and not ended)")
        .param(login.value())
        .query(Boolean.class)
        .single();
  }

  /** Deletes logins that ended or expired more than a day ago and returns their number. */
  int purge() {
    return sql.sql(
            """
            delete from identity_login where expires_at < now() - interval '1 day'""")
        .update();
  }
}
