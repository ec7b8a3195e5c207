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
 * Records refused sign-ins without letting unauthenticated callers flood the event store: the first
 * refusal per account, source and minute is recorded at once, all others are counted and recorded
 * together after the minute.
 */
final class SignInRefusalRecorder {
  /**
   * Maximum number of counters in one minute; further refusals are counted without their source.
   */
  static final int ROWS_MAX = 1000;

  /** Maximum number of sources of unknown accounts that are recorded individually. */
  private static final int SOURCES_MAX = 20;

  private final JdbcClient sql;
  private final Repository<SignInRefusals> signInRefusals;
  private final TenantId foundingTenant;
  private final Clock clock;

  SignInRefusalRecorder(
      JdbcClient sql,
      Repository<SignInRefusals> signInRefusals,
      TenantId foundingTenant,
      Clock clock) {
    this.sql = sql;
    this.signInRefusals = signInRefusals;
    this.foundingTenant = foundingTenant;
    this.clock = clock;
  }

  /** Records or counts a refusal, in the transaction of the refused sign-in. */
  void recordRefusal(Account account, RefusalReason reason, RequestSource source) throws Exception {
    var minute = clock.instant().truncatedTo(ChronoUnit.MINUTES);
    var signInCredential = EventMetadata.signInCredential(account.user());
    var row =
        new Row(minute, signInCredential, reason, account.user(), account.tenant(), source, 1, 1);
    if (incrementCount(row) > 1) return;
    record(
        signInCredential,
        new SignInsRefused(signInCredential, account.user(), reason, 1, minute),
        row.metaData());
  }

  /** Counts a refusal for an unknown account, which is always recorded later. */
  void recordUnknownAccount(RequestSource source) {
    var minute = clock.instant().truncatedTo(ChronoUnit.MINUTES);
    incrementCount(
        new Row(
            minute,
            EventMetadata.anonymousSignInCredential(),
            RefusalReason.UNKNOWN_ACCOUNT,
            null,
            foundingTenant,
            source,
            1,
            0));
  }

  /** Count of refused sign-ins in one minute; {@code reported} of them are recorded as events. */
  private record Row(
      Instant minute,
      CredentialId credential,
      RefusalReason reason,
      @Nullable UserId user,
      TenantId tenant,
      RequestSource source,
      long count,
      long reported) {
    MetaData metaData() {
      var metaData = EventMetadata.of(tenant, Actor.SERVICE, credential);
      return source.ip().isEmpty()
          ? metaData
          : metaData.and(Provenance.IP, source.ip()).and(Provenance.USER_AGENT, source.userAgent());
    }
  }

  private long incrementCount(Row row) {
    return sql.sql(
            """
            insert into sign_in_refusal as r
              (minute, credential, ip, reason, user_id, tenant, user_agent, count, reported)
            values (:minute, :credential,
              case when (select count(*) from sign_in_refusal where minute = :minute) < :max
                then :ip else '' end,
              :reason, :user, :tenant, :agent, 1, :reported)
            on conflict (minute, credential, ip, reason) do update set count = r.count + 1
            returning count""")
        .param("minute", Timestamp.from(row.minute()))
        .param("credential", row.credential().value())
        .param("max", ROWS_MAX)
        .param("ip", row.source().ip())
        .param("reason", row.reason().name())
        .param("user", row.user() == null ? null : row.user().value())
        .param("tenant", row.tenant().value())
        .param("agent", row.source().userAgent())
        .param("reported", row.reported())
        .query(Long.class)
        .single();
  }

  /**
   * Records the counted refusals and returns their number; if it is the maximum, there may be more.
   */
  @CommandHandler
  int flush(FlushSignInRefusals command) throws Exception {
    var rows =
        sql.sql(
                """
                delete from sign_in_refusal where ctid in (
                  select ctid from sign_in_refusal where minute < :before
                  order by minute limit :max for update skip locked)
                returning minute, credential, reason, user_id, tenant, ip, user_agent, count, reported""")
            .param("before", Timestamp.from(command.before()))
            .param("max", ROWS_MAX)
            .query((row, n) -> row(row))
            .list();
    for (var row : rows) if (!isUnknownAccount(row) && row.count() > row.reported()) record(row);
    var anonymousByMinute =
        rows.stream()
            .filter(SignInRefusalRecorder::isUnknownAccount)
            .collect(Collectors.groupingBy(Row::minute));
    for (var minuteRows : anonymousByMinute.values()) recordAnonymous(minuteRows);
    return rows.size();
  }

  private void record(Row row) throws Exception {
    long unreported = row.count() - row.reported();
    record(
        row.credential(),
        new SignInsRefused(
            row.credential(),
            Objects.requireNonNull(row.user()),
            row.reason(),
            unreported,
            row.minute()),
        row.metaData());
  }

  private void recordAnonymous(List<Row> rows) throws Exception {
    if (rows.size() <= SOURCES_MAX) {
      for (var row : rows)
        record(
            row.credential(),
            new UnknownAccountSignInsRefused(row.credential(), 1, row.count(), row.minute()),
            row.metaData());
      return;
    }
    var first = rows.getFirst();
    long count = rows.stream().mapToLong(Row::count).sum();
    record(
        first.credential(),
        new UnknownAccountSignInsRefused(first.credential(), rows.size(), count, first.minute()),
        EventMetadata.of(foundingTenant, Actor.SERVICE, first.credential()));
  }

  private void record(CredentialId signInCredential, LoginEvent event, MetaData metaData)
      throws Exception {
    signInRefusals
        .loadOrCreate(signInCredential.value(), SignInRefusals::new)
        .execute(refusals -> refusals.record(event, metaData));
  }

  private static boolean isUnknownAccount(Row row) {
    return row.reason() == RefusalReason.UNKNOWN_ACCOUNT;
  }

  private static Row row(ResultSet row) throws SQLException {
    return new Row(
        row.getTimestamp("minute").toInstant(),
        new CredentialId(row.getString("credential")),
        RefusalReason.valueOf(row.getString("reason")),
        row.getString("user_id") == null ? null : new UserId(row.getString("user_id")),
        new TenantId(row.getString("tenant")),
        new RequestSource(row.getString("ip"), row.getString("user_agent")),
        row.getLong("count"),
        row.getLong("reported"));
  }
}
