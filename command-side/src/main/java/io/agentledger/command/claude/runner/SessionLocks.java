package io.agentledger.command.claude.runner;

import io.agentledger.api.session.SessionId;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Locks of sessions: each has its own one, as long as a thread uses it. The number of locks is
 * bounded by the number of threads that use them, since the others are garbage. Threads get a lock
 * in the order in which they wait. Thread-safe.
 */
final class SessionLocks {
  private final Map<SessionId, LockReference> references = new HashMap<>();
  private final ReferenceQueue<ReentrantLock> unused = new ReferenceQueue<>();

  private static final class LockReference extends WeakReference<ReentrantLock> {
    private final SessionId session;

    LockReference(SessionId session, ReentrantLock lock, ReferenceQueue<ReentrantLock> unused) {
      super(lock, unused);
      this.session = session;
    }
  }

  /** Returns the lock of a session, which the caller references until it has unlocked it. */
  synchronized ReentrantLock lockOf(SessionId session) {
    removeUnused();
    ReentrantLock known = find(session);
    if (known != null) {
      return known;
    }
    ReentrantLock lock = new ReentrantLock(true);
    references.put(session, new LockReference(session, lock, unused));
    return lock;
  }

  private @Nullable ReentrantLock find(SessionId session) {
    LockReference reference = references.get(session);
    return reference == null ? null : reference.get();
  }

  private void removeUnused() {
    for (var reference = unused.poll(); reference != null; reference = unused.poll()) {
      // Unless the session has got another lock since.
      references.remove(((LockReference) reference).session, reference);
    }
  }

  /** Returns the number of locks, those included that are not collected yet. */
  synchronized int count() {
    removeUnused();
    return references.size();
  }
}
