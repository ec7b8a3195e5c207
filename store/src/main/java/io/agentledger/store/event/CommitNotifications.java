package io.agentledger.store.event;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Notifications of commits between nodes, so that readers of every node wake at once. The
 * transaction of an append sends them. A lost one delays readers by at most 5 s. Uses one dedicated
 * connection.
 */
final class CommitNotifications implements SmartLifecycle {
  private static final Logger log = LoggerFactory.getLogger(CommitNotifications.class);
  private static final String CHANNEL = "agentledger_events";
  private static final String NOTIFY =
      "select pg_notify(?, ?), currval('event_globalindex_seq') as last_index";

  private static final int LISTEN_MILLIS = 10_000;
  private static final int VALID_SECONDS = 5;
  private static final Duration PAUSE_MIN = Duration.ofMillis(100);
  private static final Duration PAUSE_MAX = Duration.ofSeconds(5);

  private final NotifyingEventStore store;
  private final Connector database;
  private final String node;
  private volatile boolean running;
  private @Nullable Thread listener;
  private volatile @Nullable Connection listeningConnection;

  /** Opens a connection that belongs to no pool. */
  interface Connector {
    Connection connect() throws SQLException;
  }

  CommitNotifications(NotifyingEventStore store, Connector database, String node) {
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
          store.wakeByOtherNode();
          break;
        }
    }
  }

  /**
   * Prepares the notification of the other nodes, which PostgreSQL sends at the commit. The result
   * has the last index of an event that the connection has inserted.
   */
  static PreparedStatement prepareNotification(Connection connection, String node)
      throws SQLException {
    PreparedStatement notify = connection.prepareStatement(NOTIFY);
    notify.setString(1, CHANNEL);
    notify.setString(2, node);
    return notify;
  }

  private void repeat() {
    Duration pause = PAUSE_MIN;
    while (running) {
      long startNanos = System.nanoTime();
      try (Connection connection = database.connect()) {
        listen(connection);
      } catch (SQLException e) {
        if (!running) return;
        if (System.nanoTime() - startNanos > PAUSE_MAX.toNanos()) pause = PAUSE_MIN;
        log.atWarn()
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
    listener = Thread.ofPlatform().name("notices-in").daemon().start(this::repeat);
  }

  @Override
  public void stop() {
    running = false;
    abortListening();
    Thread stopped = listener;
    if (stopped == null) return;
    LockSupport.unpark(stopped);
    try {
      stopped.join(TimeUnit.SECONDS.toMillis(VALID_SECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
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

  @Override
  public boolean isRunning() {
    return running;
  }
}
