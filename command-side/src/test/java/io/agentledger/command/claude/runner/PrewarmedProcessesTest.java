package io.agentledger.command.claude.runner;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.agentledger.api.environment.EnvironmentId;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.session.PermissionMode;
import io.agentledger.api.session.RunOptions;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.SessionSpec;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Two processes may wait, each for five minutes. */
class PrewarmedProcessesTest {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  private static final TenantId TENANT = TenantId.next();
  private static final SessionSpec OTHER = SessionSpec.NONE.withEnvironmentId(EnvironmentId.next());

  private static final RunOptions OPTIONS =
      new RunOptions("", PermissionMode.DEFAULT, List.of(), List.of(), 10, Duration.ofMinutes(10));

  private static final PrewarmedProcesses.Timeouts TIMEOUTS =
      new PrewarmedProcesses.Timeouts(Duration.ofMinutes(5), Duration.ofMinutes(5));

  private static final CompletableFuture<Void> ENDED = CompletableFuture.completedFuture(null);

  private final Processes processes = new Processes();
  private volatile Instant now = START;
  private final Clock clock = ((InstantSource) () -> now).withZone(ZoneOffset.UTC);
  private final PrewarmedProcesses<SessionId> prewarmed =
      new PrewarmedProcesses<>(processes, 2, TIMEOUTS, clock);

  @AfterEach
  void stop() {
    prewarmed.stop();
  }

  /** Opens a session, starts its first process, and waits until the next one is prewarmed. */
  private SessionId openAndRun(TenantId tenant, SessionSpec spec) {
    SessionId session = prewarmed.next(tenant, spec);
    int before = processes.started.size();
    prewarmed.onRun(session, OPTIONS, prewarmed.take(session).isPresent(), ENDED);
    await().atMost(60, SECONDS).until(() -> processes.started.size() > before);
    await().atMost(60, SECONDS).until(() -> prewarmed.countReady() > 0);
    return session;
  }

  @Test
  void nextSessionOfTheKindGetsTheProcess() {
    openAndRun(TENANT, SessionSpec.NONE);
    SessionId session = prewarmed.next(TENANT, SessionSpec.NONE.withTitle("another"));
    assertThat(processes.started).containsExactly(session);
    assertThat(prewarmed.take(session)).contains(session);
    prewarmed.onRun(session, OPTIONS, true, ENDED);
    assertThat(prewarmed.hits()).isEqualTo(1);
    assertThat(prewarmed.misses()).isEqualTo(1);
  }

  @Test
  void noProcessIsGivenTwice() {
    openAndRun(TENANT, SessionSpec.NONE);
    SessionId first = prewarmed.next(TENANT, SessionSpec.NONE);
    SessionId second = prewarmed.next(TENANT, SessionSpec.NONE);
    assertThat(second).isNotEqualTo(first);
    assertThat(prewarmed.take(second)).isEmpty();
    assertThat(prewarmed.take(first)).isPresent();
    assertThat(prewarmed.take(first)).isEmpty();
  }

  @Test
  void processThatIsNotSuitableYetIsKept() {
    openAndRun(TENANT, SessionSpec.NONE);
    SessionId session = prewarmed.next(TENANT, SessionSpec.NONE);
    assertThat(prewarmed.take(session, process -> false)).isEmpty();
    assertThat(prewarmed.isClaimed(session)).isTrue();
    assertThat(prewarmed.take(session)).contains(session);
  }

  @Test
  void otherTenantsAndKindsDoNotGetTheProcess() {
    openAndRun(TENANT, SessionSpec.NONE);
    assertThat(prewarmed.take(prewarmed.next(TenantId.next(), SessionSpec.NONE))).isEmpty();
    assertThat(prewarmed.take(prewarmed.next(TENANT, OTHER))).isEmpty();
    assertThat(prewarmed.countReady()).isEqualTo(1);
  }

  @Test
  void processThatHasEndedIsNotGiven() {
    openAndRun(TENANT, SessionSpec.NONE);
    processes.dead.addAll(processes.started);
    assertThat(prewarmed.take(prewarmed.next(TENANT, SessionSpec.NONE))).isEmpty();
  }

  @Test
  void oldestKindMakesRoom() {
    openAndRun(TENANT, SessionSpec.NONE);
    openAndRun(TENANT, OTHER);
    openAndRun(TenantId.next(), SessionSpec.NONE);
    assertThat(processes.ended).containsExactly(processes.started.getFirst());
    assertThat(prewarmed.count()).isEqualTo(2);
  }

  @Test
  void processesThatAreGivenCountUntilTheyAreTaken() {
    openAndRun(TENANT, SessionSpec.NONE);
    openAndRun(TENANT, OTHER);
    SessionId given = prewarmed.next(TENANT, SessionSpec.NONE);
    prewarmed.next(TENANT, OTHER);
    assertThat(prewarmed.count()).isEqualTo(2);
    prewarmed.take(given);
    assertThat(prewarmed.count()).isEqualTo(1);
  }

  @Test
  void processEndsIfNoSessionTakesIt() {
    openAndRun(TENANT, SessionSpec.NONE);
    now = START.plusSeconds(300);
    prewarmed.check();
    assertThat(processes.ended).isEmpty();
    now = START.plusSeconds(301);
    prewarmed.check();
    assertThat(processes.ended).isEqualTo(processes.started);
    assertThat(prewarmed.count()).isZero();
  }

  @Test
  void processOfASessionWithoutARunEndsAfterAMinute() {
    openAndRun(TENANT, SessionSpec.NONE);
    SessionId session = prewarmed.next(TENANT, SessionSpec.NONE);
    now = START.plusSeconds(61);
    prewarmed.check();
    assertThat(processes.ended).containsExactly(session);
    assertThat(prewarmed.take(session)).isEmpty();
  }

  @Test
  void processEndsIfANewOneWouldDiffer() {
    openAndRun(TENANT, SessionSpec.NONE);
    prewarmed.check();
    assertThat(processes.ended).isEmpty();
    processes.outdated.addAll(processes.started);
    prewarmed.check();
    assertThat(processes.ended).isEqualTo(processes.started);
  }

  @Test
  void processThatHasFailedIsReplaced() {
    assertReplacedOnceIn(processes.dead);
  }

  @Test
  void processFromWhichANewOneWouldDifferIsReplaced() {
    assertReplacedOnceIn(processes.outdated);
  }

  private void assertReplacedOnceIn(Set<SessionId> unusable) {
    SessionId openedBefore = prewarmed.next(TENANT, SessionSpec.NONE);
    openAndRun(TENANT, SessionSpec.NONE);
    unusable.addAll(processes.started);
    prewarmed.onRun(openedBefore, OPTIONS, false, ENDED);
    await().atMost(60, SECONDS).until(() -> processes.started.size() == 2);
    await().atMost(60, SECONDS).until(() -> prewarmed.countReady() == 1);
    assertThat(processes.ended).containsExactly(processes.started.getFirst());
    assertThat(prewarmed.count()).isEqualTo(1);
  }

  @Test
  void deletedSessionEndsItsProcess() {
    openAndRun(TENANT, SessionSpec.NONE);
    SessionId session = prewarmed.next(TENANT, SessionSpec.NONE);
    prewarmed.end(session);
    prewarmed.end(session);
    assertThat(processes.ended).containsExactly(session);
  }

  @Test
  void closeEndsAllProcessesAndTheOneThatIsStarting() {
    openAndRun(TENANT, SessionSpec.NONE);
    openAndRun(TENANT, OTHER);
    prewarmed.next(TENANT, OTHER);
    processes.delay = new CountDownLatch(1);
    SessionId session = prewarmed.next(TENANT, SessionSpec.NONE);
    prewarmed.take(session);
    prewarmed.onRun(session, OPTIONS, true, ENDED);
    await().atMost(60, SECONDS).until(() -> processes.waiting);
    Thread closing = Thread.ofVirtual().start(prewarmed::stop);
    await().atMost(60, SECONDS).until(() -> processes.ended.size() == 1);
    processes.delay.countDown();
    await().atMost(60, SECONDS).until(() -> !closing.isAlive());
    assertThat(processes.ended).hasSize(2).contains(processes.started.getLast());
    assertThat(prewarmed.count()).isZero();
  }

  @Test
  void noProcessIsPrewarmedWithoutMemoryForOne() {
    var none = new PrewarmedProcesses<>(processes, 0, TIMEOUTS, clock);
    SessionId session = none.next(TENANT, SessionSpec.NONE);
    none.onRun(session, OPTIONS, false, ENDED);
    assertThat(none.count()).isZero();
    assertThat(none.misses()).isZero();
    none.stop();
  }

  private static final class Processes implements PrewarmedProcesses.Starter<SessionId> {
    final List<SessionId> started = new CopyOnWriteArrayList<>();
    final List<SessionId> ended = new CopyOnWriteArrayList<>();
    final Set<SessionId> dead = ConcurrentHashMap.newKeySet();
    final Set<SessionId> outdated = ConcurrentHashMap.newKeySet();
    volatile CountDownLatch delay = new CountDownLatch(0);
    volatile boolean waiting;

    @Override
    public Optional<SessionId> start(SessionId example, RunOptions options, SessionId session)
        throws IOException {
      waiting = delay.getCount() > 0;
      try {
        delay.await();
      } catch (InterruptedException interrupted) {
        throw new IOException(interrupted);
      }
      started.add(session);
      return Optional.of(session);
    }

    @Override
    public boolean isAlive(SessionId process) {
      return !dead.contains(process);
    }

    @Override
    public void heartbeat(SessionId process) {}

    @Override
    public boolean isCurrent(SessionId process) {
      return !outdated.contains(process);
    }

    @Override
    public void end(SessionId process) {
      ended.add(process);
    }
  }
}
