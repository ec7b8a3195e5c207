package io.agentledger.command.mcp;

import io.agentledger.api.shared.Ids;
import io.agentledger.command.mcp.connection.OAuthTokenProvider.TokenLocation;
import java.time.Duration;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Lock for the renewal of a token. It expires if its node has died. */
final class TokenRefreshLock {
  private final JdbcClient sql;
  private final Duration leaseDuration;

  /**
   * @param leaseDuration duration of the lease, longer than a refresh takes
   */
  TokenRefreshLock(JdbcClient sql, Duration leaseDuration) {
    this.sql = sql;
    this.leaseDuration = leaseDuration;
  }

  Duration leaseDuration() {
    return leaseDuration;
  }

  /** Acquired lock. */
  record LockHandle(TokenLocation location, String holder) {}

  /** Acquires the lock; empty if another holder has it. */
  Optional<LockHandle> acquire(TokenLocation location) {
    var lockHandle = new LockHandle(location, Ids.random("trn"));
    int inserted =
        sql.sql(
                """
                insert into mcp_token_renewal (vault_id, name, holder, expires_at)
                values (?, ?, ?, now() + make_interval(secs => ?))
                on conflict (vault_id, name) do update
                set holder = excluded.holder, expires_at = excluded.expires_at
                where mcp_token_renewal.expires_at < now()""")
            .params(
                location.vault().value(),
                location.name(),
                lockHandle.holder(),
                (double) leaseDuration.toSeconds())
            .update();
    return inserted == 1 ? Optional.of(lockHandle) : Optional.empty();
  }

  void release(LockHandle lockHandle) {
    sql.sql("delete from mcp_token_renewal where vault_id = ? and name = ? and holder = ?")
        .params(
            lockHandle.location().vault().value(),
            lockHandle.location().name(),
            lockHandle.holder())
        .update();
  }
}
