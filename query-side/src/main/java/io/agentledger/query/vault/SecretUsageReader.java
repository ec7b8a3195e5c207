package io.agentledger.query.vault;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Reads the times at which secrets were used last. */
final class SecretUsageReader {
  private final JdbcClient sql;

  SecretUsageReader(JdbcClient sql) {
    this.sql = sql;
  }

  /** By name; those that never were are not in it. */
  Map<String, Instant> read(String vault) {
    var uses = new HashMap<String, Instant>();
    sql.sql("select name, last_used_at from vault_use where vault_id = ?")
        .param(vault)
        .query(
            row -> {
              uses.put(row.getString(1), row.getTimestamp(2).toInstant());
            });
    return uses;
  }
}
