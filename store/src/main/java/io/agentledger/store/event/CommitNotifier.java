package io.agentledger.store.event;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Notifies the other nodes of this node's commits and receives their notifications, so that readers
 * wake at once. Several commits may share one notification; a lost one delays readers by at most a
 * second. Uses two dedicated connections.
 */
final class CommitNotifier implements SmartLifecycle {
  private static final Logger log = LoggerFactory.getLogger(CommitNotifier.class);
  private static final String CHANNEL = "agentledger_events";
  private static final int LISTEN_MILLIS = 10_000;
  private static final int VALID_SECONDS = 5;
  private static final Duration PAUSE_MIN = Duration.ofMillis(100);
  private static final Duration PAUSE_MAX = Duration.ofSeconds(5);

  private final NotifyingEventStore store;
  private final Connector database;
  private final String node;
  private final AtomicBoolean due = new AtomicBoolean();
  private volatile boolean running;
  private @Nullable Thread listener;
  private @Nullable Thread sender;
  private volatile @Nullable Connection listeningConnection;

  /** Opens a connection that belongs to no pool. */
  interface Connector {
    Connection connect() throws SQLException;
  }

  /** Work with one connection, until the connection breaks or the node stops. */
  private interface ConnectionTask {
    void run(Connection connection) throws SQLException;
  }

  CommitNotifier(NotifyingEventStore store, Connector database, String node) {
    this.store = store;
    this.database = database;
    this.node = node;
  }

  private void listen(Connection connection) throws SQLException {
    listeningConnection = connection;
    try (Statement sql = connection.createStatement()) {
      sql.execute("listen " + CHANNEL);
    }
    store.wake(); // Commits before this moment may have been missed.
    PGConnection notices = connection.unwrap(PGConnection.class);
    while (running) {
      PGNotification[] notifications = notices.getNotifications(LISTEN_MILLIS);
      if (notifications.length == 0 && !connection.isValid(VALID_SECONDS))
        throw new SQLException("the connection is dead");
      for (PGNotification notice : notifications)
        if (!notice.getParameter().equals(node)) {
          store.wake();
          break;
        }
    }
  }

  private void send(Connection connection) throws SQLException {
    try (PreparedStatement notify = connection.prepareStatement("select pg_notify(?, ?)")) {
      notify.setString(1, CHANNEL);
      notify.setString(2, node);
      while (running) {
        if (due.getAndSet(false)) sendOnce(notify);
        else LockSupport.park(this);
      }
    }
  }

  private void sendOnce(PreparedStatement notify) throws SQLException {
    try {
      notify.execute();
    } catch (SQLException e) {
      due.set(true); // Still pending: the next connection sends it.
      throw e;
    }
  }

  private void repeat(String taskName, ConnectionTask connectionTask) {
    Duration pause = PAUSE_MIN;
    while (running) {
      long startNanos = System.nanoTime();
      try (Connection connection = database.connect()) {
        connectionTask.run(connection);
      } catch (SQLException e) {
        if (!running) return;
        if (System.nanoTime() - startNanos > PAUSE_MAX.toNanos()) pause = PAUSE_MIN;
        log.atWarn()
            .addKeyValue("what", taskName)
            .addKeyValue("pauseMillis", pause.toMillis())
            .addKeyValue("cause", e.getMessage())
            .log("notifications between nodes are interrupted");
        LockSupport.parkNanos(this, pause.toNanos());
        pause = pause.compareTo(PAUSE_MAX.dividedBy(2)) > 0 ? PAUSE_MAX : pause.multipliedBy(2);
      }
    }
  }

  @Override
  public void start() {
    running = true;
    listener = startThread("notices-in", () -> repeat("listening", this::listen));
    Thread out = startThread("notices-out", () -> repeat("sending", this::send));
    sender = out;
    store.afterOwnCommit(
        () -> {
          due.set(true);
          LockSupport.unpark(out);
        });
  }

  private static Thread startThread(String name, Runnable work) {
    return Thread.ofPlatform().name(name).daemon().start(work);
  }

  @Override
  public void stop() {
    running = false;
    store.afterOwnCommit(() -> {});
    abortListening();
    stopThread(listener);
    stopThread(sender);
  }

  /** Closes the connection, because nothing else interrupts a read on a socket. */
  private void abortListening() {
    Connection connection = listeningConnection;
    if (connection == null) return;
    try {
      connection.abort(Runnable::run);
    } catch (SQLException e) {
      log.atDebug().setCause(e).log("the listening connection was gone already");
    }
  }

  private static void stopThread(@Nullable Thread thread) {
    if (thread == null) return;
    LockSupport.unpark(thread);
    try {
      thread.join(TimeUnit.SECONDS.toMillis(VALID_SECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public boolean isRunning() {
    return running;
  }
}
