package io.agentledger.command.workspace;

import io.agentledger.api.identity.Provenance;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.session.SessionId;
import io.agentledger.command.support.FairExecutor;
import java.nio.file.Path;
import java.util.concurrent.Executor;
import org.axonframework.eventsourcing.eventstore.EventStore;

/**
 * Executors of file operations, with few at a time, because the database uses the same disk. One
 * session does not get all slots of short operations, and one tenant not those of long ones.
 */
final class FileExecutors {
  private static final int READERS_MAX = 4;
  private static final int READERS_OF_SESSION_MAX = 3;
  private static final int COPIES_MAX = 2;
  private static final int COPIES_OF_TENANT_MAX = 1;
  private static final int FETCHES_MAX = 4;
  private static final int FETCHES_OF_TENANT_MAX = 3;

  private final FairExecutor readers = new FairExecutor(READERS_MAX, READERS_OF_SESSION_MAX);
  private final FairExecutor copies = new FairExecutor(COPIES_MAX, COPIES_OF_TENANT_MAX);
  private final FairExecutor fetches = new FairExecutor(FETCHES_MAX, FETCHES_OF_TENANT_MAX);
  private final EventStore store;

  FileExecutors(EventStore store) {
    this.store = store;
  }

  /** Returns the executor of short operations. */
  Executor reader(SessionId session) {
    return readers.forKey(session);
  }

  /** Returns the executor that deletes a staged file or tree; those of a session take turns. */
  Executor cleaner(Path staged) {
    return readers.forKey(staged.resolveSibling("."));
  }

  /** Returns the executor of long operations for a new session. */
  Executor copier(TenantId tenant) {
    return copies.forKey(tenant);
  }

  /** Returns the executor of long operations for a recorded session. */
  Executor copier(SessionId session) {
    return operation ->
        Thread.startVirtualThread(() -> copies.forKey(findTenant(session)).execute(operation));
  }

  /** Returns the executor of operations that use the network. */
  Executor fetcher(TenantId tenant) {
    return fetches.forKey(tenant);
  }

  /** Returns the session's tenant; the session itself if it cannot be read. */
  private Object findTenant(SessionId session) {
    try {
      return Provenance.of(store.readEvents(session.value(), 0).next().getMetaData()).tenant();
    } catch (RuntimeException unknown) {
      return session;
    }
  }
}
