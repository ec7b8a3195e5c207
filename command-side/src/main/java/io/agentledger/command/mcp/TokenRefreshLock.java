package io.agentledger.command.mcp;

import io.agentledger.api.shared.Ids;
import io.agentledger.command.mcp.connection.OAuthTokenProvider.TokenLocation;
import java.time.Duration;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Whose turn it is to renew a token. A turn ends by itself when its node has died. */
final class TokenRefreshLock {
  private final JdbcClient sql;
  private final Duration length;

  /**
   * @param length longer than a renewal may take
   */
  TokenRefreshLock(JdbcClient sql, Duration length) {
    this.sql = sql;
    this.length = length;
  }

  Duration length() {
    return length;
  }

  /** One that was taken. */
  record Turn(TokenLocation place, String holder) {}

  /** Empty while somebody else has it. */
  Optional<Turn> acquire(TokenLocation location) {
    var turn = new Turn(location, Ids.random("trn"));
    int taken =
        sql.sql(
                """
                insert into mcp_token_renewal (vault_id, name, holder, until)
                values (?, ?, ?, now() + make_interval(secs => ?))
                on conflict (vault_id, name) do update
                set holder = excluded.holder, until = excluded.until
                where mcp_token_renewal.until < now()""")
            .params(
                location.vault().value(),
                location.name(),
                turn.holder(),
                (double) length.toSeconds())
            .update();
    return taken == 1 ? Optional.of(turn) : Optional.empty();
  }

  void release(Turn turn) {
    sql.sql("delete from mcp_token_renewal where vault_id = ? and name = ? and holder = ?")
        .params(turn.place().vault().value(), turn.place().name(), turn.holder())
        .update();
  }
}
