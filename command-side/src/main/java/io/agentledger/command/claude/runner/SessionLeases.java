package io.agentledger.command.claude.runner;

import io.agentledger.api.session.SessionId;
import io.agentledger.api.shared.OrderedCopy;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Leases for the processes of sessions: one node at a time, held by a row in the database. Each
 * acquisition begins a new epoch, and the session rejects records of an older one. A lease lasts
 * longer than the supervisor script waits for a heartbeat, so a node that takes over never meets a
 * running process.
 */
final class SessionLeases implements ProcessPool.Leases {
  /**
   * Highest age of a lease at which its process still gets heartbeats without a renewal of the
   * lease.
   */
  static final Duration UNATTENDED_MAX = Duration.ofSeconds(140);

  /** Maximum time from a process's heartbeat timeout to its end. */
  private static final Duration END_TIMEOUT = Duration.ofSeconds(10);

  private final JdbcTemplate sql;
  private final String node;
  private final Duration lifetime;

  /**
   * @param orphanTimeout how long processes run without a heartbeat; they check at least every
   *     tenth of it
   */
  SessionLeases(JdbcTemplate sql, String node, Duration orphanTimeout) {
    this.sql = sql;
    this.node = node;
    this.lifetime =
        orphanTimeout.plus(orphanTimeout.dividedBy(10)).plus(END_TIMEOUT).plus(UNATTENDED_MAX);
  }

  /** Another node holds the lease of the session, or held it until it failed a short while ago. */
  static final class LeaseHeldException extends Runner.SessionBusyException {
    private static final long serialVersionUID = 1L;

    LeaseHeldException(SessionId session) {
      super("another node has the process of " + session);
    }
  }

  /** Acquires the session's lease, also again. @return the new epoch, higher than all before */
  long acquire(SessionId session) {
    List<@Nullable Long> epochs =
        sql.queryForList(
            """
            insert into claude_lease as lease (session_id, node, epoch, expires_at)
            values (?, ?, 1, now() + make_interval(secs => ?))
            on conflict (session_id) do update
            set node = excluded.node, epoch = lease.epoch + 1, expires_at = excluded.expires_at
            where lease.node = excluded.node or lease.expires_at < now()
            returning epoch
            """,
            Long.class,
            session.value(),
            node,
            lifetime.toSeconds());
    Long epoch = epochs.isEmpty() ? null : epochs.getFirst();
    if (epoch == null) {
      throw new LeaseHeldException(session);
    }
    return epoch;
  }

  @Override
  public Set<SessionId> renew(Map<SessionId, Long> epochs) {
    List<SessionId> sessions = List.copyOf(epochs.keySet());
    return OrderedCopy.of(
        sql.query(
            """
            update claude_lease as lease set expires_at = now() + make_interval(secs => ?)
            from unnest(?, ?) as held (session_id, epoch)
            where lease.session_id = held.session_id and lease.node = ? and lease.epoch = held.epoch
            returning lease.session_id
            """,
            (row, number) -> new SessionId(row.getString("session_id")),
            lifetime.toSeconds(),
            sessions.stream().map(SessionId::value).toArray(String[]::new),
            sessions.stream().map(epochs::get).toArray(Long[]::new),
            node));
  }

  /** The row stays, because epochs never restart. */
  @Override
  public void release(SessionId session, long epoch) {
    sql.update(
        "update claude_lease set expires_at = now() where session_id = ? and node = ? and epoch = ?",
        session.value(),
        node,
        epoch);
  }
}
