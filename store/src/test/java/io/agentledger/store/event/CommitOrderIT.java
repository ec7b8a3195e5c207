package io.agentledger.store.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.agentledger.api.session.RunId;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.event.QueryEvent.InterruptRequested;
import io.agentledger.store.StoreTestSupport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventhandling.GenericDomainEventMessage;
import org.axonframework.eventhandling.GenericEventMessage;
import org.axonframework.eventhandling.GlobalSequenceTrackingToken;
import org.axonframework.eventhandling.TrackedEventMessage;
import org.axonframework.messaging.unitofwork.DefaultUnitOfWork;
import org.junit.jupiter.api.Test;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Index order is commit order. This rules out lost events: a transaction gets its index, a later
 * one commits first, a reader passes, and the first transaction's event is never read.
 */
class CommitOrderIT extends StoreTestSupport {
  private static final int WRITERS = 8;
  private static final int APPENDS = 120;
  private static final int READERS = 3;

  /** Events that one writer committed, or that a reader saw: identifiers in order. */
  private record ReadEvents(List<String> ids, List<Long> indexes) {}

  @Test
  void readersSeeAllCommittedEventsInCommitOrder() throws Exception {
    long begin = sql.queryForObject("select coalesce(max(globalindex), -1) from event", Long.class);
    var written = new AtomicBoolean();
    try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<ReadEvents>> readers = new ArrayList<>();
      for (int i = 0; i < READERS; i++) readers.add(executor.submit(() -> read(begin, written)));
      List<Future<List<String>>> writers = new ArrayList<>();
      for (int i = 0; i < WRITERS; i++) writers.add(executor.submit(writer(i)));
      List<String> committed = new ArrayList<>();
      for (Future<List<String>> writer : writers) committed.addAll(writer.get());
      written.set(true);
      assertThat(committed.size()).isGreaterThan(WRITERS * APPENDS / 2);
      List<String> inTheTable =
          sql.queryForList(
              "select eventidentifier from event where globalindex > ? order by globalindex",
              String.class,
              begin);
      assertThat(inTheTable).containsExactlyInAnyOrderElementsOf(committed);
      for (Future<ReadEvents> reader : readers) check(reader, inTheTable);
    }
    await()
        .atMost(Duration.ofSeconds(60))
        .until(
            () ->
                sql
                    .queryForList(
                        "select eventidentifier from event where globalindex > ?",
                        String.class,
                        begin)
                    .stream()
                    .allMatch(id -> recordingEventHandler.seenNanos(id) != null));
  }

  @Test
  void failureAfterTheCommitDoesNotDelayReaders() throws Exception {
    long begin = sql.queryForObject("select coalesce(max(globalindex), -1) from event", Long.class);
    try (var stream = store.openStream(new GlobalSequenceTrackingToken(begin))) {
      String first = append(0, interrupt());
      assertThat(stream.nextAvailable().getIdentifier()).isEqualTo(first);
      assertThat(stream.hasNextAvailable(0, TimeUnit.SECONDS)).isFalse();

      assertThatThrownBy(
              () ->
                  transactions.executeInTransaction(
                      () -> {
                        TransactionSynchronizationManager.registerSynchronization(
                            new TransactionSynchronization() {
                              @Override
                              public void afterCommit() {
                                throw new IllegalStateException("after the commit");
                              }
                            });
                        append(0, interrupt());
                      }))
          .hasMessage("after the commit");
      assertThat(stream.hasNextAvailable(0, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void readersGetEventsOfThisNodeAsTheyAreReadBack() throws Exception {
    long begin = sql.queryForObject("select coalesce(max(globalindex), -1) from event", Long.class);
    try (var stream = store.openStream(new GlobalSequenceTrackingToken(begin))) {
      assertThat(stream.hasNextAvailable(0, TimeUnit.SECONDS)).isFalse();
      for (int i = 0; i < 3; i++) {
        append(0, interrupt());
        var shared = stream.nextAvailable();
        assertThat(describe(shared)).isEqualTo(describe(readBack(shared)));
      }
    }
  }

  /** The first page of a stream is read from the database. */
  private TrackedEventMessage<?> readBack(TrackedEventMessage<?> event) throws Exception {
    long index = event.trackingToken().position().orElseThrow();
    try (var stream = store.openStream(new GlobalSequenceTrackingToken(index - 1))) {
      return stream.nextAvailable();
    }
  }

  private static List<Object> describe(TrackedEventMessage<?> message) {
    var event = (DomainEventMessage<?>) message;
    return List.of(
        message.getClass(),
        message.trackingToken(),
        event.getType(),
        event.getAggregateIdentifier(),
        event.getSequenceNumber(),
        event.getIdentifier(),
        event.getTimestamp(),
        event.getPayloadType(),
        event.getPayload(),
        event.getMetaData());
  }

  private static InterruptRequested interrupt() {
    return new InterruptRequested(SessionId.next(), RunId.next());
  }

  private static void check(Future<ReadEvents> reader, List<String> inTheTable)
      throws ExecutionException, InterruptedException {
    ReadEvents readEvents = reader.get();
    assertThat(readEvents.ids()).isEqualTo(inTheTable);
    assertThat(readEvents.indexes()).isSorted();
  }

  /** Appends in short, long, concurrent and rolled back transactions, at random. */
  private Callable<List<String>> writer(int number) {
    return () -> {
      var random = new Random(number);
      List<String> committed = new ArrayList<>();
      for (int i = 0; i < APPENDS; i++) {
        boolean fails = random.nextInt(5) == 0;
        List<String> ids = appendSome(1 + random.nextInt(3), pauseMillis(random), fails);
        committed.addAll(ids);
      }
      return committed;
    };
  }

  private static int pauseMillis(Random random) {
    return random.nextInt(20) == 0 ? 30 : 0;
  }

  private List<String> appendSome(int count, int pauseMillis, boolean fails) {
    SessionId id = SessionId.next();
    List<String> ids = new ArrayList<>();
    var unit = DefaultUnitOfWork.startAndGet(new GenericEventMessage<>("root"));
    unit.attachTransaction(transactions);
    try {
      unit.execute(
          () -> {
            for (int i = 0; i < count; i++) {
              var event =
                  new GenericDomainEventMessage<>(
                          "Session", id.value(), i, new InterruptRequested(id, RunId.next()))
                      .withMetaData(provenance());
              ids.add(event.getIdentifier());
              store.publish(event);
            }
            // After the append, with the lock held, in the same transaction, like the row of a
            // job.
            unit.onPrepareCommit(
                u -> {
                  LockSupport.parkNanos(Duration.ofMillis(pauseMillis).toNanos());
                  if (fails) throw new IllegalStateException("rolled back");
                });
          });
    } catch (IllegalStateException rolledBack) {
      return List.of();
    }
    return ids;
  }

  private ReadEvents read(long begin, AtomicBoolean written) throws InterruptedException {
    var readEvents =
        new ReadEvents(
            Collections.synchronizedList(new ArrayList<>()),
            Collections.synchronizedList(new ArrayList<>()));
    try (var stream = store.openStream(new GlobalSequenceTrackingToken(begin))) {
      boolean last = false;
      while (true) {
        while (stream.hasNextAvailable(10, TimeUnit.MILLISECONDS)) {
          TrackedEventMessage<?> event = stream.nextAvailable();
          readEvents.ids().add(event.getIdentifier());
          readEvents.indexes().add(event.trackingToken().position().orElseThrow());
        }
        if (last) return readEvents;
        last = written.get();
        if (last) ((NotifyingEventStore) store).wake();
      }
    }
  }
}
