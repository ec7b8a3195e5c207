package io.agentledger.command.claude.runner;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.agentledger.api.session.SessionId;
import io.agentledger.command.claude.run.SupervisedProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Two processes may be kept; an idle one ends after a minute. */
class ProcessPoolTest {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  private final HeldLeases leases = new HeldLeases();
  private Instant now = START;
  private final Clock clock = ((InstantSource) () -> now).withZone(ZoneOffset.UTC);
  private final ProcessPool<FakeProcess> pool = new ProcessPool<>(leases, settings(), clock);

  private static ClaudeSettings settings() {
    var minute = Duration.ofMinutes(1);
    var hour = Duration.ofHours(1);
    return new ClaudeSettings(
        null, Path.of("."), null, 400, 200, minute, hour, hour, 0, minute, List.of());
  }

  @AfterEach
  void stop() {
    pool.stop();
  }

  private FakeProcess add(int lastUseSeconds) {
    var process = new FakeProcess(START.plusSeconds(lastUseSeconds));
    leases.epochs.put(process.session(), process.epoch());
    pool.add(process);
    return process;
  }

  private FakeProcess addBusy() {
    var process = new FakeProcess(START);
    process.busy = true;
    leases.epochs.put(process.session(), process.epoch());
    pool.add(process);
    return process;
  }

  @Test
  void processIsFoundUntilItEnds() {
    var process = add(0);
    assertThat(pool.find(process.session())).contains(process);
    process.end();
    assertThat(pool.find(process.session())).isEmpty();
    assertThat(pool.supervisors()).isEmpty();
  }

  @Test
  void leaseIsReleasedWithTheEndOfItsProcess() {
    var ended = add(0);
    var detached = add(0);
    ended.end();
    detached.detach();
    assertThat(leases.epochs).containsOnlyKeys(detached.session());
  }

  @Test
  void oneTooManyEndsTheLongestIdle() {
    var second = add(2);
    var first = add(1);
    var added = add(0);
    assertThat(first.calls).containsExactly("shutdown");
    assertThat(second.calls).isEmpty();
    assertThat(added.calls).isEmpty();
  }

  @Test
  void startWaitsForTheEndOfTheIdleProcessWhosePlaceItGets() throws InterruptedException {
    addBusy();
    var idle = add(0);
    idle.slow = true;
    pool.reserve(SessionId.next());
    var waiting = Thread.ofVirtual().start(pool::makeRoom);
    await().atMost(10, SECONDS).until(() -> !idle.calls.isEmpty());
    assertThat(idle.calls).containsExactly("shutdown");
    assertThat(waiting.isAlive()).isTrue();
    idle.end();
    waiting.join();
  }

  @Test
  void startDoesNotWaitForBusyProcesses() {
    addBusy();
    addBusy();
    pool.reserve(SessionId.next());
    pool.makeRoom();
    assertThat(pool.count().busy()).isEqualTo(2);
  }

  @Test
  void busyAndReservedProcessesAreNotEvicted() {
    var busy = addBusy();
    var reserved = new FakeProcess(START);
    pool.reserve(reserved.session());
    pool.add(reserved);
    var idle = add(3);
    addBusy();
    assertThat(busy.calls).isEmpty();
    assertThat(reserved.calls).isEmpty();
    assertThat(idle.calls).containsExactly("shutdown");
  }

  @Test
  void releasedProcessIsIdleAgain() {
    var process = new FakeProcess(START);
    leases.epochs.put(process.session(), process.epoch());
    pool.reserve(process.session());
    pool.add(process);
    now = START.plusSeconds(61);
    pool.heartbeatAll();
    assertThat(process.calls).containsExactly("heartbeat");
    pool.release(process.session());
    pool.heartbeatAll();
    assertThat(process.calls).containsExactly("heartbeat", "heartbeat", "shutdown");
  }

  @Test
  void comingProcessesTakeRoom() {
    add(0);
    pool.reserve(SessionId.next());
    assertThat(pool.hasRoom()).isTrue();
    pool.reserve(SessionId.next());
    assertThat(pool.hasRoom()).isFalse();
  }

  @Test
  void processThatComesAfterTheStopEndsUnlessItHasARun() {
    pool.stop();
    assertThat(add(0).calls).containsExactly("shutdown");
    assertThat(addBusy().calls).containsExactly("detach");
  }

  @Test
  void onlyBusyProcessesFillThePool() {
    addBusy();
    add(0);
    assertThat(pool.isFull()).isFalse();
    assertThat(pool.count()).isEqualTo(new ProcessPool.Counts(1, 1, 2));
    addBusy();
    assertThat(pool.isFull()).isTrue();
  }

  @Test
  void idleProcessEndsAfterTheTimeout() {
    var idle = add(0);
    var busy = addBusy();
    now = START.plusSeconds(60);
    pool.heartbeatAll();
    assertThat(idle.calls).containsExactly("heartbeat");
    now = START.plusSeconds(61);
    pool.heartbeatAll();
    assertThat(idle.calls).containsExactly("heartbeat", "heartbeat", "shutdown");
    assertThat(busy.calls).containsExactly("heartbeat", "heartbeat");
  }

  @Test
  void processWithoutLeaseEndsWithoutHeartbeat() {
    var process = addBusy();
    leases.epochs.put(process.session(), process.epoch() + 1);
    pool.heartbeatAll();
    assertThat(process.calls).containsExactly("terminate");
  }

  @Test
  void failedHeartbeatDoesNotKeepOthersFromTheirs() {
    var failing = List.of(addBusy(), addBusy());
    failing.forEach(process -> process.broken = true);
    var well = addBusy();
    pool.heartbeatAll();
    assertThat(well.calls).containsExactly("heartbeat");
  }

  @Test
  void stopEndsIdleProcessesAndLeavesBusyOnesRunning() {
    var idle = add(0);
    var busy = addBusy();
    pool.stop();
    assertThat(idle.isAlive()).isFalse();
    assertThat(busy.isAlive()).isTrue();
    assertThat(busy.termination()).isDone();
  }

  private static final class HeldLeases implements ProcessPool.Leases {
    private final Map<SessionId, Long> epochs = new HashMap<>();

    @Override
    public Set<SessionId> renew(Map<SessionId, Long> renewed) {
      return renewed.keySet().stream()
          .filter(session -> renewed.get(session).equals(epochs.get(session)))
          .collect(Collectors.toSet());
    }

    @Override
    public void release(SessionId session, long epoch) {
      epochs.remove(session, epoch);
    }
  }

  private static final class FakeProcess implements SupervisedProcess {
    private final SessionId session = SessionId.next();
    private final Instant lastUse;
    private final CompletableFuture<Void> termination = new CompletableFuture<>();
    private final List<String> calls = new ArrayList<>();
    private boolean alive = true;
    private boolean busy;

    /** Whether it does not end before the test ends it. */
    boolean slow;

    private boolean broken;

    FakeProcess(Instant lastUse) {
      this.lastUse = lastUse;
    }

    void end() {
      alive = false;
      termination.complete(null);
    }

    @Override
    public SessionId session() {
      return session;
    }

    @Override
    public long epoch() {
      return 3;
    }

    @Override
    public boolean isAlive() {
      return alive;
    }

    @Override
    public boolean isBusy() {
      return busy;
    }

    @Override
    public Instant lastUse() {
      return lastUse;
    }

    @Override
    public CompletableFuture<Void> termination() {
      return termination;
    }

    @Override
    public void heartbeat() throws IOException {
      if (broken) throw new IOException("no heartbeat");
      calls.add("heartbeat");
    }

    @Override
    public void shutdownGracefully() {
      calls.add("shutdown");
      if (!slow) {
        end();
      }
    }

    @Override
    public void terminate() {
      calls.add("terminate");
      end();
    }

    @Override
    public void detach() {
      calls.add("detach");
      termination.complete(null);
    }
  }
}
