package io.agentledger.command.identity.login;

import io.agentledger.api.identity.RequestSource;
import io.agentledger.command.identity.user.AccountTable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Throttle for sign-in attempts. It is exact over all nodes, because each attempt is counted in the
 * database before the password is checked. Some attempts are free; the delay doubles with each
 * further one. An attacker who guesses at an account from one address is stopped there, while its
 * owner gets in from another; only many addresses at once slow down the account itself, and never
 * for long. Existing logins are not affected.
 */
final class SignInThrottle {
  private static final Duration FORGET_AFTER = Duration.ofHours(1);
  private static final AttemptLimit ACCOUNT_FROM_SOURCE =
      new AttemptLimit(5, Duration.ofMinutes(15));
  private static final AttemptLimit ACCOUNT = new AttemptLimit(30, Duration.ofMinutes(1));
  private static final AttemptLimit SOURCE = new AttemptLimit(60, Duration.ofMinutes(15));

  private final JdbcClient sql;
  private final AccountTable accounts;

  /** Number of free attempts, and the maximum delay after them. */
  private record AttemptLimit(int freeAttempts, Duration waitMax) {}

  /** Counter of attempts, under a digest of its subject. */
  private record AttemptCounter(byte[] subject, AttemptLimit limit) {}

  /**
   * @param dataSource pool in which each statement is its own transaction
   */
  SignInThrottle(DataSource dataSource, AccountTable accounts) {
    this.sql = JdbcClient.create(dataSource);
    this.accounts = accounts;
  }

  /**
   * Counts an attempt.
   *
   * @param account digest of the account that the attempt names
   * @return the time to wait, if this attempt must not be made
   */
  Optional<Duration> countAttempt(byte[] account, RequestSource source) {
    for (var attemptCounter : countersOf(account, source)) {
      var wait = countAttempt(attemptCounter);
      if (wait.isPresent()) return wait;
    }
    return Optional.empty();
  }

  private List<AttemptCounter> countersOf(byte[] account, RequestSource source) {
    var name = java.util.HexFormat.of().formatHex(account);
    var all = new ArrayList<AttemptCounter>();
    if (!source.ip().isEmpty()) {
      all.add(new AttemptCounter(accounts.mac("from\0" + source.ip()), SOURCE));
      all.add(
          new AttemptCounter(
              accounts.mac("try\0" + name + "\0" + source.ip()), ACCOUNT_FROM_SOURCE));
      all.add(new AttemptCounter(accounts.mac("try\0" + name), ACCOUNT));
    } else all.add(new AttemptCounter(accounts.mac("try\0" + name), ACCOUNT_FROM_SOURCE));
    return all;
  }

  private Optional<Duration> countAttempt(AttemptCounter attemptCounter) {
    return sql.sql(
            """
            insert into sign_in_attempt as a (subject, attempts, open_at, granted, last_at)
            values (:subject, 1, to_timestamp(0), true, now())
            on conflict (subject) do update set
              granted = a.open_at <= now(),
              attempts = case
                when a.open_at > now() then a.attempts
                when a.last_at < now() - make_interval(secs => :forgotten) then 1
                else a.attempts + 1 end,
              open_at = case
                when a.open_at > now() then a.open_at
                when a.last_at < now() - make_interval(secs => :forgotten)
                  or a.attempts + 1 < :free then to_timestamp(0)
                else now() + make_interval(secs =>
                  least(:max, power(2, least(a.attempts + 1 - :free, 30)))) end,
              last_at = case when a.open_at > now() then a.last_at else now() end
            returning granted, extract(epoch from open_at - now())""")
        .param("subject", attemptCounter.subject())
        .param("forgotten", (double) FORGET_AFTER.toSeconds())
        .param("free", attemptCounter.limit().freeAttempts())
        .param("max", (double) attemptCounter.limit().waitMax().toSeconds())
        .query(
            (row, n) ->
                row.getBoolean(1)
                    ? Optional.<Duration>empty()
                    : Optional.of(seconds(row.getDouble(2))))
        .single();
  }

  /** Returns whole seconds, rounded up, as for the header Retry-After. */
  private static Duration seconds(double remainingSeconds) {
    return Duration.ofSeconds(Math.max(1, (long) Math.ceil(remainingSeconds)));
  }

  /**
   * Resets the account's attempts after a successful sign-in, and subtracts one attempt of the
   * source.
   */
  void resetAfterSuccess(byte[] account, RequestSource source) {
    for (var attemptCounter : countersOf(account, source))
      if (attemptCounter.limit() == SOURCE) undoAttempt(attemptCounter);
      else
        sql.sql("delete from sign_in_attempt where subject = ?")
            .param(attemptCounter.subject())
            .update();
  }

  private void undoAttempt(AttemptCounter attemptCounter) {
    sql.sql(
            """
            update sign_in_attempt set
              attempts = greatest(0, attempts - 1),
              open_at = case when attempts <= :free then to_timestamp(0) else open_at end
            where subject = :subject""")
        .param("subject", attemptCounter.subject())
        .param("free", attemptCounter.limit().freeAttempts())
        .update();
  }

  /** Deletes counters without recent attempts and returns their number. */
  int purge() {
    return sql.sql("delete from sign_in_attempt where last_at < now() - make_interval(secs => ?)")
        .param((double) FORGET_AFTER.toSeconds())
        .update();
  }
}
