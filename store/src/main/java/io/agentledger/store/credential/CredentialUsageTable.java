package io.agentledger.store.credential;

import io.agentledger.api.identity.CredentialId;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import javax.sql.DataSource;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Table of the last use of credentials, with a precision of about a minute. Its rows are not
 * derived from events and are never replayed.
 */
public final class CredentialUsageTable {
  private final JdbcTemplate sql;

  public CredentialUsageTable(DataSource database) {
    this.sql = new JdbcTemplate(database);
  }

  /** Saves the latest use of each credential, in one round trip. */
  public void save(Map<CredentialId, Instant> used) {
    sql.batchUpdate(
        """
        insert into credential_use (credential, used_at) values (?, ?)
        on conflict (credential) do update
        set used_at = greatest(credential_use.used_at, excluded.used_at)""",
        used.entrySet().stream()
            .sorted(Map.Entry.comparingByKey(java.util.Comparator.comparing(CredentialId::value)))
            .map(use -> new Object[] {use.getKey().value(), Timestamp.from(use.getValue())})
            .toList());
  }

  /** Returns the last use of the credentials that were ever used. */
  public Map<String, Instant> findByIds(Collection<String> credentials) {
    var lastUses = new HashMap<String, Instant>();
    sql.query(
        "select credential, used_at from credential_use where credential = any (?)",
        row -> {
          lastUses.put(row.getString(1), row.getTimestamp(2).toInstant());
        },
        (Object) credentials.toArray(String[]::new));
    return lastUses;
  }
}
