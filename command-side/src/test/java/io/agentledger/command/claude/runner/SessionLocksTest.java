package io.agentledger.command.claude.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.agentledger.api.session.SessionId;
import io.agentledger.api.shared.Ids;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Test;

class SessionLocksTest {
  private final SessionLocks locks = new SessionLocks();

  private static SessionId newSession() {
    return new SessionId(Ids.random("ses"));
  }

  @Test
  void noTwoSessionsHaveTheSameLock() {
    Set<ReentrantLock> distinct = new HashSet<>();
    for (int i = 0; i < 1000; i++) {
      assertThat(distinct.add(locks.lockOf(newSession()))).isTrue();
    }
  }

  @Test
  void lockInUseStaysTheSame() {
    SessionId session = newSession();
    ReentrantLock lock = locks.lockOf(session);
    lock.lock();
    collectUnused();
    assertThat(locks.lockOf(session)).isSameAs(lock);
    lock.unlock();
  }

  private void collectUnused() {
    for (int i = 0; i < 1000; i++) {
      locks.lockOf(newSession());
    }
    await()
        .atMost(Duration.ofSeconds(20))
        .until(
            () -> {
              System.gc();
              return locks.count() <= 1;
            });
  }
}
