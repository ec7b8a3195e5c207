package io.agentledger.projection;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentledger.api.ops.OpsCommand.ReplayProjection;
import java.lang.management.ManagementFactory;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.axonframework.commandhandling.GenericCommandMessage;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.axonframework.eventhandling.EventMessage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.context.TestPropertySource;
import tools.jackson.databind.json.JsonMapper;

/**
 * Benchmark of a replay of the read models of sessions. The baseline reads the payloads of the same
 * events from the same database and parses them.
 *
 * <p>Executed by hand, see {@code docs/benchmarks.md}.
 */
@TestPropertySource(properties = "replay.benchmark=true") // A context of its own: no other events.
class ReplayBenchmark extends ProjectionTestSupport {
  private static final int SESSIONS = Integer.getInteger("replay.sessions", 4000);
  private static final int ROUNDS = Integer.getInteger("replay.rounds", 7);
  private static final JsonMapper JSON = new JsonMapper();

  @Autowired CommandGateway commands;

  /** Durations of one measured action; the processor time is that of the JVM. */
  private record Cost(double seconds, double processorSeconds) {}

  @Test
  @Timeout(1200)
  void replayOfSessions() {
    for (int i = 0; i < SESSIONS; i += 100) {
      var events = new ArrayList<EventMessage<?>>();
      for (int j = 0; j < 100; j++) {
        newSession(events).completeSession();
      }
      append(events);
    }
    awaitHead();
    long count = head();
    var ratios = new ArrayList<Double>();
    for (int round = 0; round < ROUNDS; round++) {
      var floor = measure(() -> assertThat(readAndParse()).isPositive());
      var replay =
          measure(
              () -> {
                commands.sendAndWait(
                    GenericCommandMessage.asCommandMessage(new ReplayProjection("session", null)));
                awaitHead();
              });
      ratios.add(floor.seconds() / replay.seconds());
      System.out.printf(
          "%d events: baseline %.0f/s (%.1f us CPU), replay %.0f/s (%.1f us CPU), ratio %.3f%n",
          count,
          count / floor.seconds(),
          floor.processorSeconds() / count * 1e6,
          count / replay.seconds(),
          replay.processorSeconds() / count * 1e6,
          ratios.getLast());
    }
    assertThat(ratios).isNotEmpty();
  }

  private long readAndParse() {
    List<Integer> sizes =
        sql.query("select payload from event order by globalindex", this::parsedSize);
    return sizes.size();
  }

  private int parsedSize(ResultSet row, int number) throws SQLException {
    return JSON.readTree(row.getBytes(1)).size();
  }

  private static Cost measure(Runnable action) {
    var system =
        (com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    long processor = system.getProcessCpuTime();
    long began = System.nanoTime();
    action.run();
    return new Cost(
        (System.nanoTime() - began) / 1e9, (system.getProcessCpuTime() - processor) / 1e9);
  }
}
