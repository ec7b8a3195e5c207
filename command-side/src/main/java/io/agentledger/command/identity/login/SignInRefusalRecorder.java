package io.agentledger.command.identity.login;

import io.agentledger.api.identity.Actor;
import io.agentledger.api.identity.CredentialId;
import io.agentledger.api.identity.Provenance;
import io.agentledger.api.identity.RequestSource;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.identity.command.LoginCommand.FlushSignInRefusals;
import io.agentledger.api.identity.event.LoginEvent;
import io.agentledger.api.identity.event.LoginEvent.RefusalReason;
import io.agentledger.api.identity.event.LoginEvent.SignInsRefused;
import io.agentledger.api.identity.event.LoginEvent.UnknownAccountSignInsRefused;
import io.agentledger.command.identity.shared.EventMetadata;
import io.agentledger.command.identity.user.AccountTable.Account;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.axonframework.commandhandling.CommandHandler;
import org.axonframework.messaging.MetaData;
import org.axonframework.modelling.command.Repository;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Puts refused sign-ins on the record without letting strangers fill it: the first of an account, a
 * source and a minute at once, all others counted and told together when the minute is over.
 */
final class SignInRefusalRecorder {
  /** Of one minute; what is beyond them is counted without its source. */
  static final int ROWS_MAX = 1000;

  /** So many sources of strangers are told one by one. */
  private static final int SOURCES_MAX = 20;

  private final JdbcClient sql;
  private final Repository<SignInRefusals> signInRefusals;
  private final TenantId founding;
  private final Clock clock;

  SignInRefusalRecorder(
      JdbcClient sql, Repository<SignInRefusals> signInRefusals, TenantId founding, Clock clock) {
    this.sql = sql;
    this.signInRefusals = signInRefusals;
    this.founding = founding;
    this.clock = clock;
  }

  /** In the transaction of the sign-in that is refused. */
  void find(Account account, RefusalReason reason, RequestSource source) throws Exception {
    var minute = clock.instant().truncatedTo(ChronoUnit.MINUTES);
    var door = EventMetadata.door(account.user());
    var row = new Row(minute, door, reason, account.user(), account.tenant(), source, 1, 1);
    if (count(row) > 1) return;
    record(door, new SignInsRefused(door, account.user(), reason, 1, minute), row.stamp());
  }

  /** The same where there is no such account: always told later. */
  void ofStranger(RequestSource source) {
    var minute = clock.instant().truncatedTo(ChronoUnit.MINUTES);
    count(
        new Row(
            minute,
            EventMetadata.strangersDoor(),
            RefusalReason.UNKNOWN_ACCOUNT,
            null,
            founding,
            source,
            1,
            0));
  }

  /** What was counted in a minute; {@code told} of it is on the record. */
  private record Row(
      Instant minute,
      CredentialId door,
      RefusalReason reason,
      @Nullable UserId user,
      TenantId tenant,
      RequestSource source,
      long count,
      long told) {
    MetaData stamp() {
      var stamp = EventMetadata.of(tenant, Actor.SERVICE, door);
      return source.ip().isEmpty()
          ? stamp
          : stamp.and(Provenance.IP, source.ip()).and(Provenance.USER_AGENT, source.userAgent());
    }
  }

  private long count(Row row) {
    return sql.sql(
            """
            insert into sign_in_refusal as r
              (minute, door, ip, reason, user_id, tenant, user_agent, count, told)
            values (:minute, :door,
              case when (select count(*) from sign_in_refusal where minute = :minute) < :max
                then :ip else '' end,
              :reason, :user, :tenant, :agent, 1, :told)
            on conflict (minute, door, ip, reason) do update set count = r.count + 1
            returning count""")
        .param("minute", Timestamp.from(row.minute()))
        .param("door", row.door().value())
        .param("max", ROWS_MAX)
        .param("ip", row.source().ip())
        .param("reason", row.reason().name())
        .param("user", row.user() == null ? null : row.user().value())
        .param("tenant", row.tenant().value())
        .param("agent", row.source().userAgent())
        .param("told", row.told())
        .query(Long.class)
        .single();
  }

  /** Answered with how many rows were told; there may be more when it is as many as may be. */
  @CommandHandler
  int record(FlushSignInRefusals command) throws Exception {
    var rows =
        sql.sql(
                """
                delete from sign_in_refusal where ctid in (
                  select ctid from sign_in_refusal where minute < :before
                  order by minute limit :max for update skip locked)
                returning minute, door, reason, user_id, tenant, ip, user_agent, count, told""")
            .param("before", Timestamp.from(command.before()))
            .param("max", ROWS_MAX)
            .query((row, n) -> row(row))
            .list();
    for (var row : rows) if (!isStrangers(row) && row.count() > row.told()) record(row);
    var strangers =
        rows.stream()
            .filter(SignInRefusalRecorder::isStrangers)
            .collect(Collectors.groupingBy(Row::minute));
    for (var minute : strangers.values()) recordAnonymous(minute);
    return rows.size();
  }

  private void record(Row row) throws Exception {
    long untold = row.count() - row.told();
    record(
        row.door(),
        new SignInsRefused(
            row.door(), Objects.requireNonNull(row.user()), row.reason(), untold, row.minute()),
        row.stamp());
  }

  private void recordAnonymous(List<Row> minute) throws Exception {
    if (minute.size() <= SOURCES_MAX) {
      for (var row : minute)
        record(
            row.door(),
            new UnknownAccountSignInsRefused(row.door(), 1, row.count(), row.minute()),
            row.stamp());
      return;
    }
    var first = minute.getFirst();
    long count = minute.stream().mapToLong(Row::count).sum();
    record(
        first.door(),
        new UnknownAccountSignInsRefused(first.door(), minute.size(), count, first.minute()),
        EventMetadata.of(founding, Actor.SERVICE, first.door()));
  }

  private void record(CredentialId door, LoginEvent event, MetaData stamp) throws Exception {
    signInRefusals
        .loadOrCreate(door.value(), SignInRefusals::new)
        .execute(known -> known.record(event, stamp));
  }

  private static boolean isStrangers(Row row) {
    return row.reason() == RefusalReason.UNKNOWN_ACCOUNT;
  }

  private static Row row(ResultSet row) throws SQLException {
    return new Row(
        row.getTimestamp("minute").toInstant(),
        new CredentialId(row.getString("door")),
        RefusalReason.valueOf(row.getString("reason")),
        row.getString("user_id") == null ? null : new UserId(row.getString("user_id")),
        new TenantId(row.getString("tenant")),
        new RequestSource(row.getString("ip"), row.getString("user_agent")),
        row.getLong("count"),
        row.getLong("told"));
  }
}
