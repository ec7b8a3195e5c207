package io.agentledger.query.session.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.agentledger.api.ops.OpsCommand.ReplayProjection;
import io.agentledger.api.session.query.SearchFilter;
import io.agentledger.api.session.query.SearchResultView;
import io.agentledger.api.session.query.SessionQuery.SearchTranscripts;
import io.agentledger.api.shared.PageRequest;
import io.agentledger.query.QueryTestSupport;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.axonframework.commandhandling.GenericCommandMessage;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.axonframework.eventhandling.EventMessage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.context.TestPropertySource;

/**
 * Benchmark of the search of transcripts: messages of 40 words whose frequencies follow Zipf's law,
 * as those of a natural language do.
 *
 * <p>Executed by hand, see {@code docs/benchmarks.md}.
 */
@TestPropertySource(properties = "search.benchmark=true") // A context of its own: no other events.
class SearchBenchmark extends QueryTestSupport {
  private static final int SESSIONS = Integer.getInteger("search.sessions", 2000);
  private static final int MESSAGES = Integer.getInteger("search.messages", 50);
  private static final int ROUNDS = Integer.getInteger("search.rounds", 200);
  private static final int VOCABULARY = 20_000;
  private static final int WORDS = 40;

  private final Random random = new Random(1);
  private final double[] cumulated = cumulated();
  @Autowired CommandGateway commands;

  private static double[] cumulated() {
    var sums = new double[VOCABULARY];
    double sum = 0;
    for (int i = 0; i < VOCABULARY; i++) sums[i] = sum += 1.0 / (i + 2);
    return sums;
  }

  /** Returns a word; those of low ranks are frequent. */
  private String word() {
    int at = Arrays.binarySearch(cumulated, random.nextDouble() * cumulated[VOCABULARY - 1]);
    return "word" + (at < 0 ? -at - 1 : at);
  }

  private String message() {
    var text = new StringBuilder();
    for (int i = 0; i < WORDS; i++) text.append(word()).append(' ');
    return text.toString();
  }

  @Test
  @Timeout(1200)
  void searchOfTranscripts() {
    for (int i = 0; i < SESSIONS; i++) {
      var events = new ArrayList<EventMessage<?>>();
      var fixture = newSession(events).opened("Session " + i);
      var run = fixture.issueQuery(i == 7 ? "needle" : "prompt");
      for (int j = 1; j < MESSAGES; j++) fixture.messageReceived(run, message());
      append(events);
    }
    awaitIndexed(); // Takes longer than other tests wait.
    awaitHead();
    System.out.printf("%d messages in %d sessions%n", SESSIONS * MESSAGES, SESSIONS);
    for (String table :
        List.of("search_posting_row", "search_document_row", "message_row", "event"))
      System.out.printf(
          "%s: %d rows, %d bytes per message%n",
          table,
          sql.queryForObject("select count(*) from " + table, Long.class),
          sql.queryForObject("select pg_total_relation_size('" + table + "')", Long.class)
              / SESSIONS
              / MESSAGES);
    long began = System.nanoTime();
    commands.sendAndWait(
        GenericCommandMessage.asCommandMessage(new ReplayProjection("search", null)));
    awaitIndexed();
    double seconds = (System.nanoTime() - began) / 1e9;
    System.out.printf(
        "indexing: %.0f messages/s, %.0f us each%n",
        SESSIONS * MESSAGES / seconds, seconds / SESSIONS / MESSAGES * 1e6);
    measure("warm-up", () -> word() + " " + word());
    measure("rare word", () -> "needle");
    measure("unknown word", () -> "nowhere" + random.nextInt());
    measure("frequent word", () -> "word0");
    measure("two words", () -> word() + " " + word());
    measure("phrase", () -> '"' + word() + " word" + random.nextInt(50) + '"');
  }

  private void awaitIndexed() {
    await()
        .atMost(Duration.ofMinutes(10))
        .until(
            () -> {
              var state = projections.state("search");
              return !state.replaying() && state.position() == head();
            });
  }

  private void measure(String name, Supplier<String> text) {
    var millis = new double[ROUNDS];
    int hits = 0;
    int pages = 0;
    double cpuBefore = cpuMillis();
    for (int i = 0; i < ROUNDS; i++) {
      long began = System.nanoTime();
      var result = search(text.get());
      millis[i] = (System.nanoTime() - began) / 1e6;
      hits += result.items().size();
      if (result.nextCursor() != null) pages++;
    }
    double cpu = (cpuMillis() - cpuBefore) / ROUNDS;
    System.out.printf("%s: first %.0f ms; ", name, millis[0]);
    Arrays.sort(millis);
    assertThat(millis[0]).isPositive();
    System.out.printf(
        "p50 %.0f ms, p95 %.0f ms, max %.0f ms, CPU %.0f ms, load %.1f; "
            + "%.1f results, %d of %d with a next page%n",
        millis[ROUNDS / 2],
        millis[ROUNDS * 95 / 100],
        millis[ROUNDS - 1],
        cpu,
        ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage(),
        (double) hits / ROUNDS,
        pages,
        ROUNDS);
  }

  private SearchResultView search(String text) {
    var filter = new SearchFilter(text, null, null, null, null, null, null, null, null);
    return query(
        new SearchTranscripts(TENANT, filter, new PageRequest(20, null)), SearchResultView.class);
  }

  /** Returns the CPU time of this JVM and of its connections' PostgreSQL processes. */
  private double cpuMillis() {
    var connections =
        sql.queryForList(
            "select pid from pg_stat_activity where datname = current_database()", Long.class);
    return Stream.concat(Stream.of(ProcessHandle.current().pid()), connections.stream())
        .flatMap(pid -> ProcessHandle.of(pid).stream())
        .mapToDouble(
            process -> process.info().totalCpuDuration().orElse(Duration.ZERO).toNanos() / 1e6)
        .sum();
  }
}
