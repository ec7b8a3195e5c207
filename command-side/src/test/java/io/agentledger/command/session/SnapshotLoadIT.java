package io.agentledger.command.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.agentledger.api.content.Content;
import io.agentledger.api.model.Usage;
import io.agentledger.api.session.MessageId;
import io.agentledger.api.session.ProcessId;
import io.agentledger.api.session.RunId;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.SourcePosition;
import io.agentledger.api.session.ThreadId;
import io.agentledger.api.session.event.OutputEvent.MessageOrigin;
import io.agentledger.api.session.event.OutputEvent.MessageReceived;
import io.agentledger.api.session.event.OutputEvent.Role;
import io.agentledger.command.CommandTestSupport;
import io.agentledger.store.crypto.Sealer;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.axonframework.common.transaction.TransactionManager;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.GenericDomainEventMessage;
import org.axonframework.eventsourcing.EventSourcingRepository;
import org.axonframework.eventsourcing.Snapshotter;
import org.axonframework.eventsourcing.eventstore.EventStore;
import org.axonframework.messaging.unitofwork.DefaultUnitOfWork;
import org.axonframework.serialization.Revision;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** Benefit of a snapshot, and content that must not be in it. */
class SnapshotLoadIT extends CommandTestSupport {
  private static final int EVENTS = 10_000;
  private static final int LOADS = 5;
  private static final String TITLE = "a title"; // Title of the sessions of CommandTestSupport.
  private static final String REVISION = Session.class.getAnnotation(Revision.class).value();
  private static final String TEXT = "kingfisher-4412";

  @Autowired private TransactionManager transactions;
  @Autowired private Snapshotter snapshotter;
  @Autowired private Sealer sealer;

  private SessionId session;

  @BeforeEach
  void createLongSession() {
    session = openSession();
    var events = new ArrayList<EventMessage<?>>();
    var process = ProcessId.next();
    var thread = ThreadId.next();
    var run = RunId.next();
    Content output = sealer.seal(session, MessageReceived.class, "block", TEXT);
    for (long number = 1; number < EVENTS; number++) {
      var sourcePosition = new SourcePosition(process, 1, SourcePosition.Source.JOURNAL, number);
      var event =
          new MessageReceived(
              session,
              run,
              thread,
              sourcePosition,
              MessageId.next(),
              0,
              Role.ASSISTANT,
              MessageOrigin.MODEL,
              "text",
              output,
              Usage.ZERO);
      events.add(message(number, event));
    }
    for (int from = 0; from < events.size(); from += 1000)
      append(events.subList(from, Math.min(from + 1000, events.size())));
    snapshotter.scheduleSnapshot(Session.class, session.value());
    await()
        .until(
            () -> revisions().equals(List.of(Session.class.getAnnotation(Revision.class).value())));
  }

  private EventMessage<?> message(long number, Object event) {
    var metadata = ADA.provenance("req_test").asMetadata();
    metadata.put("correlation", "test");
    metadata.put("causation", "test");
    return new GenericDomainEventMessage<>("Session", session.value(), number, event)
        .withMetaData(metadata);
  }

  private void append(List<EventMessage<?>> events) {
    var unit = DefaultUnitOfWork.startAndGet(events.getFirst());
    unit.attachTransaction(transactions);
    unit.execute(() -> store.publish(events));
  }

  private List<String> revisions() {
    return sql.sql("select payloadrevision from snapshot where aggregateidentifier = ?")
        .param(session.value())
        .query(String.class)
        .list();
  }

  private static EventSourcingRepository<Session> repository(EventStore store) {
    return EventSourcingRepository.builder(Session.class).eventStore(store).build();
  }

  /**
   * Returns the same store without snapshots, where an aggregate is always read from its first
   * event.
   */
  private EventStore withoutSnapshots() {
    return (EventStore)
        Proxy.newProxyInstance(
            EventStore.class.getClassLoader(),
            new Class<?>[] {EventStore.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals("readEvents") && arguments.length == 1)
                return store.readEvents((String) arguments[0], 0);
              try {
                return method.invoke(store, arguments);
              } catch (InvocationTargetException e) {
                throw e.getTargetException();
              }
            });
  }

  /** Returns the median duration of some loads, each in a transaction of its own. */
  private long nanosToLoad(EventSourcingRepository<Session> repository) {
    var nanos = new long[LOADS];
    for (int i = 0; i < LOADS; i++) {
      long startNanos = System.nanoTime();
      load(repository);
      nanos[i] = System.nanoTime() - startNanos;
    }
    Arrays.sort(nanos);
    return nanos[LOADS / 2];
  }

  private long load(EventSourcingRepository<Session> repository) {
    var unit = DefaultUnitOfWork.startAndGet(null);
    unit.attachTransaction(transactions);
    return unit.executeWithResult(() -> repository.load(session.value()).version()).getPayload();
  }

  @Test
  void snapshotOfTenThousandEventsLoadsMuchFasterThanTheEvents() {
    var fast = repository(store);
    var slow = repository(withoutSnapshots());
    assertThat(load(fast)).isEqualTo(load(slow)).isEqualTo(EVENTS - 1);
    long replayed = nanosToLoad(slow);
    long loaded = nanosToLoad(fast);
    System.out.printf(
        "%d events: replayed in %.1f ms, from the snapshot in %.2f ms, %.0f times as fast%n",
        EVENTS, replayed / 1e6, loaded / 1e6, (double) replayed / loaded);
    assertThat(loaded).as("nanoseconds, against %d", replayed).isLessThan(replayed / 4);
  }

  @Test
  void snapshotOfAnotherRevisionIsIgnored() {
    var broken = "{\"not\": \"a session\"}".getBytes(java.nio.charset.StandardCharsets.UTF_8);
    var change =
        "update snapshot set payloadrevision = ?, payload = ? where aggregateidentifier = ?";
    var snapshots = owner();
    snapshots.sql(change).params(REVISION + ".other", broken, session.value()).update();
    assertThat(load(repository(store))).isEqualTo(EVENTS - 1); // Loaded from its events.
  }

  @Test
  void snapshotContainsNoContentNotEvenSealed() {
    var payload =
        sql.sql("select convert_from(payload, 'utf8') from snapshot where aggregateidentifier = ?")
            .param(session.value())
            .query(String.class)
            .single();
    var sealed =
        sql.sql(
                "select convert_from(payload, 'utf8') from event where sequencenumber = 1 and aggregateidentifier = ?")
            .param(session.value())
            .query(String.class)
            .single();
    assertThat(sealed).contains("ciphertext"); // Sealed content would contain this.
    assertThat(payload)
        .contains(session.value())
        .doesNotContain(TEXT, TITLE)
        .doesNotContainIgnoringCase("ciphertext")
        .doesNotContainIgnoringCase("keyId");
  }
}
