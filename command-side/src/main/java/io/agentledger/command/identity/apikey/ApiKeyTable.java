package io.agentledger.command.identity.apikey;

import io.agentledger.api.identity.CredentialId;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.shared.IdentityRejection.IdentityRefused;
import io.agentledger.api.shared.RejectionException;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Table of API keys. */
final class ApiKeyTable {
  /** Maximum number of active keys of one user, agents' tokens included. */
  static final int ACTIVE_KEYS_MAX = 100;

  private final JdbcClient sql;

  ApiKeyTable(JdbcClient sql) {
    this.sql = sql;
  }

  /** Rejects if the owner has the maximum number of keys; serializes concurrent callers. */
  void requireCapacity(UserId owner) {
    sql.sql("select 1 from identity_user where user_id = ? for update")
        .param(owner.value())
        .query(Integer.class)
        .optional();
    long live =
        sql.sql("select count(*) from identity_key where user_id = ? and not ended")
            .param(owner.value())
            .query(Long.class)
            .single();
    if (live >= ACTIVE_KEYS_MAX)
      throw new RejectionException(
          new IdentityRefused(
              "too_many_api_keys",
              "There are " + ACTIVE_KEYS_MAX + " keys already; DELETE /keys/{id} revokes one."));
  }

  boolean isKey(CredentialId credential) {
    return sql.sql("select exists (select 1 from identity_key where credential = ?)")
        .param(credential.value())
        .query(Boolean.class)
        .single();
  }

  /** An expired key. */
  record ExpiredKey(CredentialId key, TenantId tenant) {}

  /** Returns the expired keys whose expiry is not recorded yet, oldest first. */
  List<ExpiredKey> findExpired(int max) {
    return sql.sql(
            """
            select credential, tenant from identity_key
            where not ended and expires_at <= now() order by expires_at limit ?""")
        .param(max)
        .query(
            (row, n) ->
                new ExpiredKey(new CredentialId(row.getString(1)), new TenantId(row.getString(2))))
        .list();
  }
}
