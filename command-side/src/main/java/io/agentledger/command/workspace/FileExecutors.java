package io.agentledger.command.workspace;

import io.agentledger.api.identity.Provenance;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.session.SessionId;
import io.agentledger.command.support.FairExecutor;
import io.agentledger.store.support.BoundedMap;
import java.util.Collections;
import java.util.Map;
import java.util.concurrent.Executor;
import org.axonframework.eventsourcing.eventstore.EventStore;

/**
 * Executors of file operations, with few at a time, because the database uses the same disk.
 * Tenants take turns, and none of them gets all slots; within a tenant its sessions take turns.
 */
final class FileExecutors {
  private static final int READERS_MAX = 4;
  private static final int READERS_OF_TENANT_MAX = 3;
  private static final int COPIES_MAX = 2;
  private static final int COPIES_OF_TENANT_MAX = 1;
  private static final int PACKERS_MAX = 2;
  private static final int PACKERS_OF_TENANT_MAX = 1;
  private static final int FETCHES_MAX = 4;
  private static final int FETCHES_OF_TENANT_MAX = 3;
  private static final int KNOWN_SESSIONS_MAX = 10_000;

  private final FairExecutor readers = new FairExecutor(READERS_MAX, READERS_OF_TENANT_MAX);
  private final FairExecutor copies = new FairExecutor(COPIES_MAX, COPIES_OF_TENANT_MAX);
  private final FairExecutor packers = new FairExecutor(PACKERS_MAX, PACKERS_OF_TENANT_MAX);
  private final FairExecutor fetches = new FairExecutor(FETCHES_MAX, FETCHES_OF_TENANT_MAX);

  /** Tenants of the sessions that were used last; the tenant of a session never changes. */
  private final Map<SessionId, TenantId> tenants =
      Collections.synchronizedMap(BoundedMap.accessOrdered(KNOWN_SESSIONS_MAX));

  private final EventStore store;

  FileExecutors(EventStore store) {
    this.store = store;
  }

  /** Returns the executor of short operations. */
  Executor reader(SessionId session) {
    return forSession(readers, session);
  }

  /** Returns the executor of long operations for a new session. */
  Executor copier(TenantId tenant) {
    return copies.forKey(tenant);
  }

  /** Returns the executor of long operations for a recorded session. */
  Executor copier(SessionId session) {
    return forSession(copies, session);
  }

  /** Returns the executor that packs archives, which takes as long as their clients need. */
  Executor packer(SessionId session) {
    return forSession(packers, session);
  }

  /** Returns the executor of operations that use the network. */
  Executor fetcher(TenantId tenant) {
    return fetches.forKey(tenant);
  }

  private Executor forSession(FairExecutor executor, SessionId session) {
    var tenant = tenants.get(session);
    return tenant == null
        ? operation ->
            Thread.startVirtualThread(
                () -> executor.forKey(findTenant(session), session).execute(operation))
        : executor.forKey(tenant, session);
  }

  /** Returns the session's tenant; the session itself if it cannot be read. */
  private Object findTenant(SessionId session) {
    try {
      var tenant =
          Provenance.of(store.readEvents(session.value(), 0).next().getMetaData()).tenant();
      tenants.put(session, tenant);
      return tenant;
    } catch (RuntimeException unknown) {
      return session;
    }
  }
}
