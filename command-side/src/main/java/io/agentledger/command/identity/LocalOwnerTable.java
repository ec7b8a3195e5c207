package io.agentledger.command.identity;

import io.agentledger.api.agent.AgentId;
import io.agentledger.api.environment.EnvironmentId;
import io.agentledger.api.identity.CredentialId;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.identity.UserId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Tables of the local owner: one owner, and one key for each node. */
record LocalOwnerTable(JdbcClient sql) {
  /** A node's key: its credential id and its hash. */
  record KeyRow(CredentialId credential, byte[] sha256) {}

  /**
   * Returns the owner, which is created if there is none; of two nodes that start concurrently, one
   * creates it.
   */
  LocalOwner findOrCreate() {
    var next = LocalOwner.create();
    sql.sql(
            """
            insert into local_owner (tenant, owner, agent, environment)
            values (?, ?, ?, ?) on conflict do nothing""")
        .params(
            next.tenant().value(),
            next.user().value(),
            next.agent().value(),
            next.environment().value())
        .update();
    return sql.sql("select tenant, owner, agent, environment from local_owner")
        .query((row, n) -> toOwner(row))
        .single();
  }

  private static LocalOwner toOwner(ResultSet row) throws SQLException {
    return new LocalOwner(
        new TenantId(row.getString("tenant")),
        new UserId(row.getString("owner")),
        new AgentId(row.getString("agent")),
        new EnvironmentId(row.getString("environment")));
  }

  Optional<KeyRow> findKey(String node) {
    return sql.sql("select credential, key_sha256 from local_owner_key where node = ?")
        .param(node)
        .query((row, n) -> new KeyRow(new CredentialId(row.getString(1)), row.getBytes(2)))
        .optional();
  }

  /**
   * Replaces the key of a node. A new key is a new credential, so that actions with the old one
   * stay distinguishable.
   */
  KeyRow replaceKey(String node, OwnerKey key) {
    var row = new KeyRow(CredentialId.next(), key.sha256());
    sql.sql(
            """
            insert into local_owner_key (node, credential, key_sha256) values (?, ?, ?)
            on conflict (node) do update
            set credential = excluded.credential, key_sha256 = excluded.key_sha256,
              created_at = now()""")
        .params(node, row.credential().value(), row.sha256())
        .update();
    return row;
  }
}
