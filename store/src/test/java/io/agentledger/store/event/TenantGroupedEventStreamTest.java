package io.agentledger.store.event;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentledger.api.identity.Provenance;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventhandling.GenericDomainEventMessage;
import org.axonframework.eventsourcing.eventstore.inmemory.InMemoryEventStorageEngine;
import org.junit.jupiter.api.Test;

/**
 * Consecutive events of one tenant have the token of the last of them; none is lost or repeated.
 */
class TenantGroupedEventStreamTest {
  private final InMemoryEventStorageEngine engine = new InMemoryEventStorageEngine();
  private final SharedEventPages pages = new SharedEventPages(engine);
  private final TenantGroupedEventStream stream =
      new TenantGroupedEventStream(
          new PagedEventStream(pages, null, ConcurrentHashMap.newKeySet()));
  private long appended;

  @Test
  void groupEndsWithTheTenant() throws InterruptedException {
    append("a", 2);
    append("b", 1);
    append("a", 1);
    assertThat(readEvents()).containsExactly("0 @1", "1 @1", "2 @2", "3 @3");
  }

  @Test
  void groupEndsWithTheStream() throws InterruptedException {
    append("a", 2);
    assertThat(readEvents()).containsExactly("0 @1", "1 @1");
    append("a", 2);
    assertThat(stream.peek()).isPresent();
    assertThat(readEvents()).containsExactly("2 @3", "3 @3");
    assertThat(stream.peek()).isEmpty();
  }

  @Test
  void groupHasALimit() throws InterruptedException {
    append("a", 40);
    assertThat(readEvents()).contains("0 @31", "31 @31", "32 @39", "39 @39").hasSize(40);
  }

  private void append(String tenant, int events) {
    for (int i = 0; i < events; i++)
      engine.appendEvents(
          new GenericDomainEventMessage<>(
              "Story", "one", appended++, "event", Map.of(Provenance.TENANT, tenant)));
    pages.recordCommit();
  }

  /** Returns the number of each event with its position. */
  private List<String> readEvents() throws InterruptedException {
    var read = new ArrayList<String>();
    while (stream.hasNextAvailable(0, TimeUnit.SECONDS)) {
      var event = stream.nextAvailable();
      var number = ((DomainEventMessage<?>) event).getSequenceNumber();
      read.add(number + " @" + event.trackingToken().position().orElseThrow());
    }
    return read;
  }
}
