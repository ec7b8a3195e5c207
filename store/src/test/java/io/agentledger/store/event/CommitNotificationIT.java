package io.agentledger.store.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.is;

import io.agentledger.api.session.RunId;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.event.QueryEvent.InterruptRequested;
import io.agentledger.store.NodeHome;
import io.agentledger.store.StoreTestSupport;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventsourcing.eventstore.EventStoreException;
import org.junit.jupiter.api.Test;
import org.postgresql.PGConnection;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;

/**
 * Readers are woken after a commit and do not wait for the poll interval of one second. The bounds
 * allow for slow machines, and still exclude polling.
 */
class CommitNotificationIT extends StoreTestSupport {
  private static final int ROUNDS = 21;
  private static final Duration BOUND = Duration.ofMillis(250);

  @Autowired NodeHome home;

  @Autowired
  @Qualifier("eventStore")
  NotifyingEventStore notifyingEventStore;

  @Test
  void localCommitWakesReadersImmediately() throws InterruptedException {
    List<Long> tailNanos = new ArrayList<>();
    List<Long> pooledNanos = new ArrayList<>();
    for (int i = 0; i < ROUNDS; i++) {
      SessionId id = SessionId.next();
      BlockingQueue<Long> received = new LinkedBlockingQueue<>();
      Runnable stop = liveEventFeed.listen(id.value(), event -> received.add(System.nanoTime()));
      String event = append(0, new InterruptRequested(id, RunId.next()));
      long committed = System.nanoTime();
      Long at = received.poll(5, TimeUnit.SECONDS);
      assertThat(at).isNotNull();
      tailNanos.add(Math.max(0, at - committed));
      await()
          .atMost(Duration.ofSeconds(5))
          .until(() -> recordingEventHandler.seenNanos(event) != null);
      pooledNanos.add(Math.max(0, recordingEventHandler.seenNanos(event) - committed));
      stop.run();
    }
    assertThat(median(tailNanos)).as("tail").isLessThan(BOUND);
    assertThat(median(pooledNanos)).as("pooled processor").isLessThan(BOUND);
  }

  @Test
  void commitOfAnotherNodeWakesReadersImmediately() throws Exception {
    SessionId id = SessionId.next();
    append(0, new InterruptRequested(id, RunId.next()));
    BlockingQueue<Long> received = new LinkedBlockingQueue<>();
    List<Long> nanos = new ArrayList<>();
    Runnable stop = liveEventFeed.listen(id.value(), event -> received.add(System.nanoTime()));
    await().atMost(Duration.ofSeconds(5)).until(() -> listens() > 0);
    try (Connection other = asOwner()) {
      received.poll(1, TimeUnit.SECONDS);
      for (int i = 1; i <= ROUNDS; i++) {
        appendElsewhere(other, id);
        long committed = System.nanoTime();
        notifyFrom(other, "node_elsewhere");
        Long at = received.poll(5, TimeUnit.SECONDS);
        assertThat(at).isNotNull();
        nanos.add(Math.max(0, at - committed));
      }
    }
    stop.run();
    assertThat(median(nanos)).isLessThan(BOUND);
  }

  @Test
  void commitNotifiesOtherNodes() throws SQLException {
    try (Connection other = asOwner();
        Statement listen = other.createStatement()) {
      listen.execute("listen agentledger_events");
      appendOnceConnected();
      await()
          .atMost(Duration.ofSeconds(5))
          .until(
              () -> {
                var notices = other.unwrap(PGConnection.class).getNotifications(500);
                return notices.length > 0 && notices[0].getParameter().equals(home.node());
              });
    }
  }

  @Test
  void throwingListenerDoesNotAffectOthers() {
    SessionId id = SessionId.next();
    List<DomainEventMessage<?>> received = new CopyOnWriteArrayList<>();
    Runnable bad =
        liveEventFeed.listen(
            id.value(),
            event -> {
              throw new IllegalStateException("a bad listener");
            });
    Runnable good = liveEventFeed.listen(id.value(), received::add);
    for (int i = 0; i < 3; i++) append(i, new InterruptRequested(id, RunId.next()));
    await().atMost(Duration.ofSeconds(5)).until(() -> received.size() == 3);
    bad.run();
    good.run();
    append(3, new InterruptRequested(id, RunId.next()));
    List<DomainEventMessage<?>> all = new CopyOnWriteArrayList<>();
    Runnable stop = liveEventFeed.listen(all::add);
    append(4, new InterruptRequested(id, RunId.next()));
    await().atMost(Duration.ofSeconds(5)).until(() -> !all.isEmpty());
    assertThat(received).hasSize(3);
    stop.run();
  }

  /** Otherwise a node would look for work of other nodes often after its start. */
  @Test
  void beginningToListenIsNoCommitOfAnotherNode() throws Exception {
    var commits = new AtomicInteger();
    notifyingEventStore.onOtherCommit(commits::incrementAndGet);
    assertThat(cutAllConnections()).isGreaterThan(1);
    await().atMost(Duration.ofSeconds(60)).until(() -> listens() > 0);
    appendOnceConnected();
    assertThat(commits).hasValue(0);
    try (Connection other = asOwner()) {
      notifyFrom(other, "node_elsewhere");
    }
    await().atMost(Duration.ofSeconds(5)).untilAtomic(commits, is(1));
  }

  @Test
  void tailAndNotificationsSurviveLostConnections() throws Exception {
    SessionId id = SessionId.next();
    List<Long> received = new CopyOnWriteArrayList<>();
    Runnable stop =
        liveEventFeed.listen(id.value(), event -> received.add(event.getSequenceNumber()));
    append(0, new InterruptRequested(id, RunId.next()));
    await().atMost(Duration.ofSeconds(5)).until(() -> received.size() == 1);
    int cut = cutAllConnections();
    assertThat(cut).isGreaterThan(1);
    try (Connection other = asOwner()) {
      for (int i = 1; i <= 5; i++) appendElsewhere(other, id);
    }
    await()
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(() -> assertThat(received).containsExactly(0L, 1L, 2L, 3L, 4L, 5L));
    await().atMost(Duration.ofSeconds(60)).until(() -> listens() > 0);
    commitNotifiesOtherNodes();
    stop.run();
  }

  /** Appends an event, again if the pool gave a connection that was cut. */
  private void appendOnceConnected() {
    await()
        .atMost(Duration.ofSeconds(60))
        .ignoreExceptionsInstanceOf(EventStoreException.class)
        .until(() -> append(0, new InterruptRequested(SessionId.next(), RunId.next())) != null);
  }

  private int cutAllConnections() throws SQLException {
    try (Connection application = application();
        Statement sql = application.createStatement();
        var rows =
            sql.executeQuery(
                "select count(pg_terminate_backend(pid)) from pg_stat_activity"
                    + " where datname = current_database() and usename = current_user"
                    + " and pid <> pg_backend_pid()")) {
      rows.next();
      return rows.getInt(1);
    }
  }

  private Connection application() throws SQLException {
    return java.sql.DriverManager.getConnection(
        database.getJdbcUrl(), database.getUsername(), database.getPassword());
  }

  private int listens() throws SQLException {
    try (Connection application = application();
        Statement sql = application.createStatement();
        var rows =
            sql.executeQuery(
                "select count(*) from pg_stat_activity where datname = current_database()"
                    + " and query = 'listen agentledger_events'")) {
      rows.next();
      return rows.getInt(1);
    }
  }

  /** Appends an event as a node would that shares only the database with this one. */
  private static void appendElsewhere(Connection connection, SessionId id) throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement(
            "insert into event (aggregateidentifier, sequencenumber, type, eventidentifier,"
                + " metadata, payload, payloadrevision, payloadtype, timestamp)"
                + " select aggregateidentifier, sequencenumber + 1, type, ?, metadata, payload,"
                + " payloadrevision, payloadtype, timestamp from event"
                + " where aggregateidentifier = ? order by sequencenumber desc limit 1")) {
      insert.setString(1, UUID.randomUUID().toString());
      insert.setString(2, id.value());
      insert.executeUpdate();
    }
  }

  private static void notifyFrom(Connection connection, String node) throws SQLException {
    try (PreparedStatement notify = connection.prepareStatement("select pg_notify(?, ?)")) {
      notify.setString(1, "agentledger_events");
      notify.setString(2, node);
      notify.execute();
    }
  }

  private static Duration median(List<Long> nanos) {
    Collections.sort(nanos);
    return Duration.ofNanos(nanos.get(nanos.size() / 2));
  }
}
