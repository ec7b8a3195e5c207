package io.agentledger.store.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventhandling.GenericDomainEventMessage;
import org.axonframework.eventhandling.GlobalSequenceTrackingToken;
import org.axonframework.eventhandling.TrackedEventMessage;
import org.axonframework.eventhandling.TrackingToken;
import org.axonframework.eventsourcing.eventstore.inmemory.InMemoryEventStorageEngine;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Readers of one store share its database queries, and each reader still gets every event once. */
class PagedEventStreamTest {
  private final AtomicInteger requests = new AtomicInteger();
  private final AtomicReference<Runnable> afterRead = new AtomicReference<>(() -> {});
  private final Set<PagedEventStream> readers = ConcurrentHashMap.newKeySet();
  private final InMemoryEventStorageEngine engine =
      new InMemoryEventStorageEngine() {
        @Override
        public Stream<? extends TrackedEventMessage<?>> readEvents(
            @Nullable TrackingToken lastToken, boolean mayBlock) {
          requests.incrementAndGet();
          // Database whose answers do not change.
          var answer = super.readEvents(lastToken, mayBlock).toList();
          afterRead.getAndSet(() -> {}).run();
          return answer.stream();
        }
      };
  private final SharedEventPages pages = new SharedEventPages(engine);
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

  @Test
  void commitOfThisNodeNeedsNoQuery() throws InterruptedException {
    PagedEventStream first = reader();
    PagedEventStream second = reader();
    readIndexes(first);
    readIndexes(second);
    commit(1);
    readIndexes(first);
    readIndexes(second);
    int before = requests.get();
    commitHere(2);
    assertThat(readIndexes(first)).containsExactly(1L, 2L);
    commitHere(1);
    assertThat(readIndexes(second)).containsExactly(1L, 2L, 3L);
    assertThat(readIndexes(first)).containsExactly(3L);
    assertThat(requests.get()).isEqualTo(before);
  }

  @Test
  void commitOfThisNodeDuringAQueryNeedsNoOtherQuery() throws InterruptedException {
    PagedEventStream reader = readerWithSharedPage();
    commit(1);
    int before = requests.get();
    afterRead.set(() -> CompletableFuture.runAsync(() -> commitHere(2)).join());
    assertThat(readIndexes(reader)).containsExactly(1L, 2L, 3L);
    assertThat(sequencesFrom(3)).containsExactly(3L);
    assertThat(requests.get() - before).isEqualTo(1);
  }

  @Test
  void commitOfThisNodeThatAQueryHasReadIsNotRepeated() throws InterruptedException {
    PagedEventStream reader = readerWithSharedPage();
    var own = append(1);
    append(1);
    pages.recordCommit(); // Of another node, whose notification comes first.
    assertThat(readIndexes(reader)).containsExactly(1L, 2L);
    pages.recordCommit(own);
    int before = requests.get();
    assertThat(readIndexes(reader)).isEmpty();
    assertThat(requests.get()).isEqualTo(before);
  }

  @Test
  void eventsBetweenThoseOfThisNodeAreQueried() throws InterruptedException {
    PagedEventStream reader = readerWithSharedPage();
    append(1); // By another node, whose notification comes later.
    commitHere(1);
    assertThat(readIndexes(reader)).containsExactly(1L, 2L);
    commit(1);
    commitHere(1);
    assertThat(readIndexes(reader)).containsExactly(3L, 4L);
  }

  @Test
  void commitsThatAreRecordedInAnotherOrderAreQueried() throws InterruptedException {
    PagedEventStream reader = readerWithSharedPage();
    var earlier = append(1);
    var later = append(1);
    pages.recordCommit(later);
    assertThat(readIndexes(reader)).containsExactly(1L, 2L);
    pages.recordCommit(earlier);
    assertThat(readIndexes(reader)).isEmpty();
    commitHere(1);
    assertThat(readIndexes(reader)).containsExactly(3L);
  }

  @Test
  void readerThatIsFarBehindCommitsOfThisNodeQueriesThem() throws InterruptedException {
    PagedEventStream first = readerWithSharedPage();
    PagedEventStream second = reader();
    readIndexes(second);
    for (int i = 0; i < 600; i++) commitHere(1);
    assertThat(readIndexes(first)).hasSize(600).doesNotHaveDuplicates();
    assertThat(readIndexes(second)).hasSize(600).doesNotHaveDuplicates();
  }

  @Test
  void eventsOfAnAggregateAreThoseOfTheSharedPage() throws InterruptedException {
    readerWithSharedPage();
    commitHere(2);
    int before = requests.get();
    assertThat(sequencesFrom(1)).containsExactly(1L, 2L);
    assertThat(sequencesFrom(3)).isEmpty();
    assertThat(pages.eventsOf("one", 4)).isEmpty(); // Nothing tells whether there are some.
    commitHere(1);
    assertThat(sequencesFrom(3)).containsExactly(3L);
    assertThat(requests.get()).isEqualTo(before);
  }

  @Test
  void eventsOfAnAggregateAreUnknownIfThePageMayLackSome() throws InterruptedException {
    readerWithSharedPage();
    assertThat(pages.eventsOf("another", 1)).isEmpty();
    assertThat(pages.eventsOf("one", 2)).isEmpty(); // The page ends before.
    commit(1); // Not read yet.
    assertThat(pages.eventsOf("one", 1)).isEmpty();
  }

  @Test
  void eventsOfAnAggregateThatThePageHasDroppedAreUnknown() throws InterruptedException {
    readerWithSharedPage();
    for (int i = 0; i < 300; i++) commitHere(1);
    assertThat(pages.eventsOf("one", 40)).isEmpty();
    assertThat(sequencesFrom(299)).containsExactly(299L, 300L);
  }

  private List<Long> sequencesFrom(long first) {
    return pages.eventsOf("one", first).orElseThrow().stream()
        .map(DomainEventMessage::getSequenceNumber)
        .toList();
  }

  private PagedEventStream readerWithSharedPage() throws InterruptedException {
    PagedEventStream reader = reader();
    readIndexes(reader);
    commit(1);
    assertThat(readIndexes(reader)).containsExactly(0L);
    return reader;
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

  @Test
  void readerIsNotWokenForEventsThatItDoesNotHandle() throws InterruptedException {
    var woken = new AtomicInteger();
    PagedEventStream reader = readerWithSharedPage();
    reader.setOnAvailableCallback(woken::incrementAndGet);
    commit(1);
    reader.signal(Set.of(String.class), 1);
    assertThat(woken).hasValue(1);
    assertThat(reader.hasNextAvailable()).isTrue();
    reader.skipMessagesWithPayloadTypeOf(reader.nextAvailable());
    commit(1);
    reader.signal(Set.of(String.class), 1);
    assertThat(woken).hasValue(1);
    assertThat(readIndexes(reader)).containsExactly(2L); // If it looks by itself.
    reader.signal(Set.of(String.class, Integer.class), 2);
    assertThat(woken).hasValue(2);
    for (int i = 0; i < 99; i++) reader.signal(Set.of(String.class), 1);
    assertThat(woken).hasValue(2);
    for (int i = 0; i < 101; i++) reader.signal(Set.of(String.class), 1);
    assertThat(woken).hasValue(3);
  }

  private List<? extends TrackedEventMessage<?>> append(int events) {
    var before = appended == 0 ? null : new GlobalSequenceTrackingToken(appended - 1);
    for (int i = 0; i < events; i++)
      engine.appendEvents(new GenericDomainEventMessage<>("Story", "one", appended++, "event"));
    requests.decrementAndGet(); // This is no request of a reader.
    return engine.readEvents(before, false).toList();
  }

  private void commitHere(int events) {
    pages.recordCommit(append(events));
  }

  private void commit(int events) {
    append(events);
    pages.recordCommit();
  }

  private static List<Long> readIndexes(PagedEventStream reader) throws InterruptedException {
    var taken = new ArrayList<Long>();
    while (reader.hasNextAvailable(0, TimeUnit.SECONDS))
      taken.add(reader.nextAvailable().trackingToken().position().orElseThrow());
    return taken;
  }
}
