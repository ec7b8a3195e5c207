package io.agentledger.store.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.axonframework.eventhandling.GenericDomainEventMessage;
import org.axonframework.eventsourcing.eventstore.inmemory.InMemoryEventStorageEngine;
import org.junit.jupiter.api.Test;

/** Events arrive a moment after the first one, all together, and the reader is woken for them. */
class CoalescingEventStreamTest {
  private final Set<PagedEventStream> readers = ConcurrentHashMap.newKeySet();
  private final InMemoryEventStorageEngine engine = new InMemoryEventStorageEngine();
  private final SharedEventPages pages = new SharedEventPages(engine);
  private final PagedEventStream events = new PagedEventStream(pages, null, readers);
  private final CoalescingEventStream stream =
      new CoalescingEventStream(events, Duration.ofMillis(100));
  private long appended;

  @Test
  void eventsOfAMomentArriveTogetherAndInOrder() throws InterruptedException {
    commit(1);
    boolean available = stream.hasNextAvailable();
    var peeked = stream.peek(); // Before an assertion, whose classes may take a moment to load.
    assertThat(available).isFalse();
    assertThat(peeked).isEmpty();
    commit(2);
    await().until(stream::hasNextAvailable);
    commit(1);
    assertThat(readIndexes()).containsExactly(0L, 1L, 2L, 3L);
  }

  @Test
  void nextMomentBeginsAfterTheEndWasRead() throws InterruptedException {
    commit(1);
    await().until(stream::hasNextAvailable);
    assertThat(readIndexes()).containsExactly(0L);
    commit(1);
    assertThat(stream.hasNextAvailable()).isFalse();
    await().until(stream::hasNextAvailable);
    assertThat(stream.peek()).isPresent();
    assertThat(readIndexes()).containsExactly(1L);
  }

  @Test
  void readerIsWokenAtTheEndOfTheMoment() throws InterruptedException {
    var woken = new AtomicInteger();
    stream.setOnAvailableCallback(woken::incrementAndGet);
    commit(1);
    assertThat(stream.hasNextAvailable()).isFalse();
    await().until(() -> woken.get() == 1);
    assertThat(stream.hasNextAvailable()).isTrue();
  }

  @Test
  void commitsOfAMomentWakeTheReaderOnce() throws InterruptedException {
    var endless = new CoalescingEventStream(events, Duration.ofDays(1));
    var woken = new AtomicInteger();
    endless.setOnAvailableCallback(woken::incrementAndGet);
    commit(1);
    events.signal();
    assertThat(woken).hasValue(1);
    assertThat(endless.hasNextAvailable()).isFalse();
    commit(1);
    events.signal();
    assertThat(woken).hasValue(1);

    endless.expedite();
    assertThat(readIndexes(endless)).containsExactly(0L, 1L);
    commit(1);
    events.signal();
    assertThat(woken).hasValue(3);
  }

  @Test
  void eventsArriveAtOnceIfAReaderWaits() throws InterruptedException {
    var endless = new CoalescingEventStream(events, Duration.ofDays(1));
    var woken = new AtomicInteger();
    endless.setOnAvailableCallback(woken::incrementAndGet);
    commit(2);
    assertThat(endless.hasNextAvailable()).isFalse();
    endless.expedite();
    assertThat(woken).hasValue(1);
    assertThat(readIndexes(endless)).containsExactly(0L, 1L);
    commit(1);
    assertThat(endless.hasNextAvailable()).isFalse();
  }

  private void commit(int count) {
    for (int i = 0; i < count; i++)
      engine.appendEvents(new GenericDomainEventMessage<>("Story", "one", appended++, "event"));
    pages.recordCommit();
  }

  private List<Long> readIndexes() throws InterruptedException {
    return readIndexes(stream);
  }

  private static List<Long> readIndexes(CoalescingEventStream from) throws InterruptedException {
    var taken = new ArrayList<Long>();
    while (from.hasNextAvailable())
      taken.add(from.nextAvailable().trackingToken().position().orElseThrow());
    return taken;
  }
}
