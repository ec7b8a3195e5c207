package io.agentledger.store.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.axonframework.eventhandling.GenericDomainEventMessage;
import org.axonframework.eventhandling.TrackedEventMessage;
import org.axonframework.eventhandling.TrackingToken;
import org.axonframework.eventsourcing.eventstore.inmemory.InMemoryEventStorageEngine;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Readers of one store share its database queries, and each reader still gets every event once. */
class PagedEventStreamTest {
  private final AtomicInteger requests = new AtomicInteger();
  private final AtomicLong commits = new AtomicLong();
  private final Set<PagedEventStream> readers = ConcurrentHashMap.newKeySet();
  private final InMemoryEventStorageEngine engine =
      new InMemoryEventStorageEngine() {
        @Override
        public Stream<? extends TrackedEventMessage<?>> readEvents(
            @Nullable TrackingToken lastToken, boolean mayBlock) {
          requests.incrementAndGet();
          // Database whose answers do not change.
          return super.readEvents(lastToken, mayBlock).toList().stream();
        }
      };
  private final SharedEventPages pages = new SharedEventPages(engine, commits::get);
  private long appended;

  @Test
  void readersShareOneQueryAfterACommit() throws InterruptedException {
    commit(1);
    List<PagedEventStream> all = List.of(reader(), reader(), reader());
    for (PagedEventStream reader : all) assertThat(readIndexes(reader)).containsExactly(0L);
    int before = requests.get();
    commit(2);
    for (PagedEventStream reader : all) assertThat(readIndexes(reader)).containsExactly(1L, 2L);
    assertThat(requests.get() - before).isEqualTo(1);
  }

  @Test
  void readerFurtherAheadGetsTheRestOfThePage() throws InterruptedException {
    PagedEventStream first = reader();
    PagedEventStream second = reader();
    readIndexes(first);
    readIndexes(second);
    commit(1);
    readIndexes(first);
    commit(1);
    assertThat(readIndexes(second)).containsExactly(0L, 1L);
    int before = requests.get();
    assertThat(readIndexes(first)).containsExactly(1L);
    assertThat(requests.get()).isEqualTo(before);
  }

  @Test
  void readerThatComesLaterGetsTheEventsOfSeveralCommitsWithoutAQuery()
      throws InterruptedException {
    PagedEventStream first = reader();
    PagedEventStream later = reader();
    readIndexes(first);
    readIndexes(later);
    for (int i = 0; i < 3; i++) {
      commit(1);
      readIndexes(first);
    }
    int before = requests.get();
    assertThat(readIndexes(later)).containsExactly(0L, 1L, 2L);
    assertThat(requests.get()).isEqualTo(before);
  }

  @Test
  void pageReadBeforeACommitIsNotTreatedAsComplete() throws InterruptedException {
    PagedEventStream first = reader();
    PagedEventStream second = reader();
    readIndexes(first);
    readIndexes(second);
    commit(1);
    assertThat(readIndexes(first)).containsExactly(0L);
    commit(1);
    assertThat(readIndexes(second)).containsExactly(0L, 1L);
    assertThat(readIndexes(first)).containsExactly(1L);
  }

  @Test
  void readsMoreThanOnePageToItsEnd() throws InterruptedException {
    PagedEventStream first = reader();
    PagedEventStream second = reader();
    readIndexes(first);
    readIndexes(second);
    commit(2_500);
    assertThat(readIndexes(first)).hasSize(2_500).doesNotHaveDuplicates();
    assertThat(readIndexes(second)).hasSize(2_500).doesNotHaveDuplicates();
  }

  private PagedEventStream reader() {
    return new PagedEventStream(pages, null, readers);
  }

  @Test
  void readerIsWokenAgainOnlyForEventsThatItHasNotRead() throws InterruptedException {
    var woken = new AtomicInteger();
    PagedEventStream reader = reader();
    reader.setOnAvailableCallback(woken::incrementAndGet);
    commit(2);
    assertThat(reader.hasNextAvailable()).isTrue();
    reader.signalUnread();
    assertThat(woken).hasValue(1);

    assertThat(readIndexes(reader)).containsExactly(0L, 1L);
    reader.signalUnread();
    assertThat(woken).hasValue(1);
  }

  private void commit(int events) {
    for (int i = 0; i < events; i++)
      engine.appendEvents(new GenericDomainEventMessage<>("Story", "one", appended++, "event"));
    commits.incrementAndGet();
  }

  private static List<Long> readIndexes(PagedEventStream reader) throws InterruptedException {
    var taken = new ArrayList<Long>();
    while (reader.hasNextAvailable(0, TimeUnit.SECONDS))
      taken.add(reader.nextAvailable().trackingToken().position().orElseThrow());
    return taken;
  }
}
