package io.agentledger.query.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.agentledger.api.content.Content;
import io.agentledger.api.session.Activity;
import io.agentledger.api.session.QueryId;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.event.OutputEvent.PriceSource;
import io.agentledger.api.session.query.SessionQuery.FollowSession;
import io.agentledger.query.QueryTestSupport;
import io.agentledger.store.crypto.Sealer;
import io.agentledger.store.event.EventAliases;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Locale;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import org.axonframework.eventhandling.EventMessage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.context.TestPropertySource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Benchmark of the stream of all stored events of one session, as a client that connects with
 * {@code after=0} gets them. The baseline reads the same rows from the same database, parses their
 * payloads and metadata, and opens their content.
 *
 * <p>Executed by hand, see {@code docs/benchmarks.md}.
 */
@TestPropertySource(properties = "session.replay.benchmark=true") // No other events.
class SessionReplayBenchmark extends QueryTestSupport {
  private static final int EVENTS = Integer.getInteger("session.events", 20_000);
  private static final int ROUNDS = Integer.getInteger("session.rounds", 9);

  /** Events of one transaction. */
  private static final int CHUNK = 500;

  private static final JsonMapper JSON = new JsonMapper();
  private static final String TEXT = "The quick brown fox jumps over the lazy dog. ".repeat(8);

  @Autowired Sealer opener;
  @Autowired EventAliases aliases;

  private final LongAdder opened = new LongAdder();

  @Test
  @Timeout(1200)
  void streamOfASession() throws IOException {
    var recorded = new ArrayList<EventMessage<?>>();
    var fixture = newSession(recorded).opened("Long");
    long count = 0;
    while (fixture.sequence() < EVENTS) {
      var run = fixture.issueQuery("What is here?");
      fixture.activity(Activity.RUNNING).started(run, QueryId.next(), 1).initialized(run);
      fixture.messageReceived(run, TEXT).toolReturned(run, fixture.toolCalled(run, "Bash"));
      fixture
          .turnCompleted(run, new PriceSource.Table("2026-11-01"))
          .messageReceived(run, TEXT)
          .completed(run, TEXT)
          .activity(Activity.IDLE);
      if (recorded.size() < CHUNK && fixture.sequence() < EVENTS) continue;
      append(recorded);
      count += recorded.size();
      recorded.clear();
      await().atMost(Duration.ofMinutes(2)).until(() -> position() == head());
    }
    long events = count;
    var ratios = new ArrayList<Double>();
    for (int round = 0; round < ROUNDS; round++) {
      opened.reset();
      double floor = ratePerSecond(events, () -> readAndOpen(fixture.id));
      assertThat(opened.sum()).as("opened contents").isGreaterThan(events / 2);
      double stream = ratePerSecond(events, () -> stream(fixture.id, events));
      ratios.add(stream / floor);
      System.out.printf(
          Locale.ROOT,
          "%d events, %d contents: baseline %.0f/s, stream %.0f/s, ratio %.2f, load %s%n",
          events,
          opened.sum(),
          floor,
          stream,
          ratios.getLast(),
          Files.readString(Path.of("/proc/loadavg")).split(" ")[0]);
    }
    var compiled = ratios.subList(ROUNDS / 3, ROUNDS).stream().sorted().toList();
    System.out.printf(
        Locale.ROOT,
        "median ratio of the last %d rounds: %.2f%n",
        compiled.size(),
        compiled.get(compiled.size() / 2));
  }

  private static double ratePerSecond(long count, LongSupplier events) {
    long began = System.nanoTime();
    assertThat(events.getAsLong()).isEqualTo(count);
    return count / ((System.nanoTime() - began) / 1e9);
  }

  private long stream(SessionId session, long count) {
    return follow(new FollowSession(TENANT, session, 0)).take(count).count().block();
  }

  private long readAndOpen(SessionId session) {
    return sql.query(
            """
            select payloadtype, payload, metadata from event where aggregateidentifier = ?
            order by sequencenumber
            """,
            (row, number) -> open(session, row),
            session.value())
        .size();
  }

  private int open(SessionId session, ResultSet row) throws SQLException {
    var event = aliases.classOf(row.getString(1));
    int fields = JSON.readTree(row.getBytes(3)).size();
    for (var field : JSON.readTree(row.getBytes(2)).properties()) {
      fields++;
      if (!isSealed(field.getValue())) continue;
      String text = opener.open(session, event, field.getKey(), content(field.getValue()));
      fields += text.length();
      opened.increment();
    }
    return fields;
  }

  private static boolean isSealed(JsonNode value) {
    return value.path("type").asString("").equals("inline") && value.has("ciphertext");
  }

  private static Content content(JsonNode value) {
    return new Content.Inline(
        value.path("keyId").asString(), value.path("ciphertext").binaryValue());
  }
}
