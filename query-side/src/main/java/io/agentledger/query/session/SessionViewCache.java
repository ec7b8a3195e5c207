package io.agentledger.query.session;

import io.agentledger.api.identity.Caller;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.session.LifecycleStatus;
import io.agentledger.api.session.SessionAcl;
import io.agentledger.api.session.query.SessionView;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Cache of sessions that were read last. For a node that records all events itself: an entry is
 * removed before events of its session are committed, so that nobody who has seen one of them gets
 * an older state, and when the key of its contents was destroyed. A read that began before the end
 * of the commit adds none. Thread-safe, and never blocks.
 */
final class SessionViewCache {
  /** Limit for what no event reports, such as a change of the tables by hand. */
  private static final Duration AGE_MAX = Duration.ofMinutes(1);

  private final Map<String, CachedSession> entries;

  /** Number of the commits in progress by session. */
  private final Map<String, Integer> changing = new ConcurrentHashMap<>();

  /**
   * Creates the cache.
   *
   * @param entriesMax maximum number of sessions; zero for none
   */
  SessionViewCache(int entriesMax) {
    entries =
        Collections.synchronizedMap(
            new LinkedHashMap<>(16, 0.75f, true) {
              private static final long serialVersionUID = 1L;

              @Override
              protected boolean removeEldestEntry(Map.Entry<String, CachedSession> eldest) {
                return size() > entriesMax;
              }
            });
  }

  /** Session with its tenant, or the mark of a read in progress. */
  private static final class CachedSession {
    private final TenantId tenant;
    private final @Nullable SessionView view;
    private final long nanos = System.nanoTime();

    CachedSession(TenantId tenant, @Nullable SessionView view) {
      this.tenant = tenant;
      this.view = view;
    }

    Optional<SessionView> viewFor(Caller caller) {
      boolean visible =
          view != null
              && tenant.equals(caller.tenant())
              && SessionAcl.ownedBy(view.ownerId()).canRead(caller)
              && view.lifecycle() != LifecycleStatus.DELETED
              && System.nanoTime() - nanos < AGE_MAX.toNanos();
      return visible ? Optional.ofNullable(view) : Optional.empty();
    }
  }

  /** Returns a session; empty if it is not here, or if only a share lets the caller see it. */
  Optional<SessionView> find(Caller caller, String session) {
    var entry = entries.get(session);
    return entry == null ? Optional.empty() : entry.viewFor(caller);
  }

  /**
   * Keeps the result of a read, unless it is large.
   *
   * @param reader reads the session with all of its events, if the caller may see it
   */
  Optional<SessionView> read(
      Caller caller, String session, Supplier<Optional<SessionView>> reader) {
    var reading = new CachedSession(caller.tenant(), null);
    entries.put(session, reading);
    var view = reader.get();
    view.filter(read -> isSmall(read) && !changing.containsKey(session))
        .ifPresentOrElse(
            read -> entries.replace(session, reading, new CachedSession(caller.tenant(), read)),
            () -> entries.remove(session, reading));
    return view;
  }

  /** Returns false for a session that contains inputs of tools, which may be large, or a schema. */
  private static boolean isSmall(SessionView view) {
    return view.pendingActions().isEmpty() && !view.options().hasOutputSchema();
  }

  /**
   * Removes a session that is about to change.
   *
   * @return ends the change; until then the session is not kept
   */
  Runnable beginChange(String session) {
    changing.merge(session, 1, Integer::sum);
    remove(session);
    return () -> {
      remove(session);
      changing.computeIfPresent(session, (id, count) -> count == 1 ? null : count - 1);
    };
  }

  /** Removes a session that has changed. */
  void remove(String session) {
    entries.remove(session);
  }
}
