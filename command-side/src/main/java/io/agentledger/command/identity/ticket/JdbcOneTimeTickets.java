package io.agentledger.command.identity.ticket;

import io.agentledger.api.identity.security.CredentialRef;
import io.agentledger.api.identity.security.OneTimeTickets;
import io.agentledger.command.identity.shared.CredentialToken;
import java.security.SecureRandom;
import java.sql.Timestamp;
import java.time.Clock;
import java.util.Base64;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/** One-time tickets in a table: of two concurrent uses of a ticket, only one can delete its row. */
final class JdbcOneTimeTickets implements OneTimeTickets, AutoCloseable {
  private static final int RANDOM_BYTES = 32;
  private static final int LENGTH_MAX = 64;
  private static final SecureRandom RANDOM = new SecureRandom();

  private final JdbcClient sql;
  private final Clock clock;
  private final ExecutorService executor =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("ticket-", 0).factory());

  JdbcOneTimeTickets(DataSource dataSource, Clock clock) {
    this.sql = JdbcClient.create(dataSource);
    this.clock = clock;
  }

  @Override
  public CompletionStage<String> issue(CredentialRef credentialRef) {
    return CompletableFuture.supplyAsync(() -> add(credentialRef), executor);
  }

  private String add(CredentialRef credentialRef) {
    var bytes = new byte[RANDOM_BYTES];
    RANDOM.nextBytes(bytes);
    var ticket = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    var now = clock.instant();
    sql.sql("delete from identity_ticket where expires_at < ?").param(Timestamp.from(now)).update();
    sql.sql("insert into identity_ticket (sha256, credential, expires_at) values (?, ?, ?)")
        .params(
            CredentialToken.sha256(ticket),
            CredentialRefCodec.encode(credentialRef),
            Timestamp.from(now.plus(OneTimeTickets.TIMEOUT)))
        .update();
    return ticket;
  }

  @Override
  public CompletionStage<Optional<CredentialRef>> redeem(String ticket) {
    return ticket.length() > LENGTH_MAX
        ? CompletableFuture.completedFuture(Optional.empty())
        : CompletableFuture.supplyAsync(() -> consume(ticket), executor);
  }

  private Optional<CredentialRef> consume(String ticket) {
    return sql.sql(
            "delete from identity_ticket where sha256 = ? returning credential, expires_at > ?")
        .params(CredentialToken.sha256(ticket), Timestamp.from(clock.instant()))
        .query(
            (row, n) ->
                row.getBoolean(2) ? Optional.of(row.getString(1)) : Optional.<String>empty())
        .optional()
        .flatMap(inTime -> inTime)
        .map(CredentialRefCodec::decode);
  }

  @Override
  public void close() {
    executor.close();
  }
}
