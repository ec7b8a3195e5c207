package io.agentledger.projection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.agentledger.api.ops.OpsCommand.RebuildProjection;
import io.agentledger.api.ops.ProjectionRebuildView;
import io.agentledger.api.ops.RebuildStatus;
import io.agentledger.projection.ops.ProjectionRebuilds;
import io.agentledger.store.postgres.LongStatements;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import javax.sql.DataSource;
import org.axonframework.commandhandling.GenericCommandMessage;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.axonframework.config.EventProcessingConfiguration;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.StreamingEventProcessor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcTemplate;
import org.springframework.test.context.TestPropertySource;

/**
 * Benchmark of rebuilds of projections from many events. Sessions are recorded once and copied by
 * SQL with other ids; the live projections are moved to the newest event without handling them.
 *
 * <p>Executed by hand, see {@code docs/benchmarks.md}.
 */
@TestPropertySource(properties = "rebuild.benchmark=true") // A context of its own: no other events.
class RebuildBenchmark extends ProjectionTestSupport {
  private static final long EVENTS = Long.getLong("rebuild.events", 1_000_000);
  private static final String PROJECTIONS = System.getProperty("rebuild.projections", "");
  private static final int RECORDED = 10_000;

  /**
   * Copies events, with ids whose last three characters are digits. Sessions that already have such
   * an id are not copied, because the copy could have the same one.
   */
  private static final String COPY =
      """
      insert into event (aggregateidentifier, sequencenumber, type, eventidentifier, metadata,
        payload, payloadrevision, payloadtype, timestamp)
      select left(aggregateidentifier, 11) || :copy, sequencenumber, type,
        eventidentifier || '-' || :copy, metadata,
        convert_to(regexp_replace(convert_from(payload, 'UTF8'),
          '"([a-z]{3}_[0-9a-z]{7})[0-9a-z]{3}"', '"\\1' || :copy || '"', 'g'), 'UTF8'),
        payloadrevision, payloadtype, timestamp
      from event where globalindex <= :recorded and aggregateidentifier not in (
        select aggregateidentifier from event where globalindex <= :recorded
          and convert_from(payload, 'UTF8') ~ '"[a-z]{3}_[0-9a-z]{7}[2-9]{3}"')
      order by globalindex
      """;

  @Autowired CommandGateway commands;
  @Autowired ProjectionRebuilds rebuilds;
  @Autowired EventProcessingConfiguration processing;
  @Autowired DataSource dataSource;

  @Test
  @Timeout(7200)
  void rebuildOfEachProjection() throws Exception {
    recordEvents();
    System.out.printf("%d events, load %s%n", head(), load());
    long allEvents = 0;
    double allSeconds = 0;
    for (String projection : projections.names()) {
      if (!PROJECTIONS.isEmpty() && !List.of(PROJECTIONS.split(",")).contains(projection)) continue;
      heapPools().forEach(MemoryPoolMXBean::resetPeakUsage);
      long began = System.nanoTime();
      commands.sendAndWait(
          GenericCommandMessage.asCommandMessage(new RebuildProjection(projection, null)));
      var ended = awaitEnd(projection);
      double seconds = (System.nanoTime() - began) / 1e9;
      assertThat(ended.status()).as(ended.toString()).isEqualTo(RebuildStatus.COMPLETED);
      allEvents += ended.events();
      allSeconds += seconds;
      System.out.printf(
          Locale.ROOT,
          "%-12s %9d events %7.1f s %7.0f events/s, heap peak %d MiB, load %s%n",
          projection,
          ended.events(),
          seconds,
          ended.events() / seconds,
          heapPeak() >> 20,
          load());
    }
    System.out.printf(
        Locale.ROOT,
        "all          %9d events %7.1f s %7.0f events/s%n",
        allEvents,
        allSeconds,
        allEvents / allSeconds);
  }

  private void recordEvents() {
    var recorded = new ArrayList<EventMessage<?>>();
    while (recorded.size() < RECORDED) newSession(recorded).completeSession();
    append(recorded);
    processors().forEach(StreamingEventProcessor::shutDown);
    long copied = recorded.size();
    for (int copy = 0; copied < EVENTS; copy++) {
      var named = new HashMap<String, Object>();
      named.put("copy", digits(copy));
      named.put("recorded", (long) recorded.size());
      int rows =
          transactions.fetchInTransaction(
              () -> {
                LongStatements.allow(dataSource);
                return new NamedParameterJdbcTemplate(dataSource).update(COPY, named);
              });
      assertThat(rows).isPositive();
      copied += rows;
    }
    long head = head();
    sql.update(
        """
        update token set tokentype = ?, token = convert_to(?, 'UTF8')
        where processorname in (select unnest(?::text[]))
        """,
        "org.axonframework.eventhandling.GlobalSequenceTrackingToken",
        "{\"globalIndex\":" + head + "}",
        "{" + String.join(",", projections.names()) + "}");
    processors().forEach(StreamingEventProcessor::start);
  }

  private static String digits(int copy) {
    return "" + (2 + copy / 64 % 8) + (2 + copy / 8 % 8) + (2 + copy % 8);
  }

  private List<StreamingEventProcessor> processors() {
    return processing.eventProcessors().values().stream()
        .filter(StreamingEventProcessor.class::isInstance)
        .map(StreamingEventProcessor.class::cast)
        .toList();
  }

  private ProjectionRebuildView awaitEnd(String projection) {
    await()
        .atMost(Duration.ofHours(1))
        .until(
            () ->
                rebuilds.find(projection, head()).orElseThrow().status() != RebuildStatus.RUNNING);
    return rebuilds.find(projection, head()).orElseThrow();
  }

  private static List<MemoryPoolMXBean> heapPools() {
    return ManagementFactory.getMemoryPoolMXBeans().stream()
        .filter(pool -> pool.getType() == MemoryType.HEAP)
        .toList();
  }

  private static long heapPeak() {
    return heapPools().stream().mapToLong(pool -> pool.getPeakUsage().getUsed()).sum();
  }

  private static String load() throws IOException {
    return Files.readString(Path.of("/proc/loadavg")).split(" ")[0];
  }
}
