package io.agentledger.store.event;

import io.agentledger.api.identity.Provenance;
import java.util.ArrayDeque;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import org.axonframework.common.stream.BlockingStream;
import org.axonframework.eventhandling.TrackedEventMessage;

/**
 * Stream that gives consecutive events of a tenant the token of the last of them. A pooled
 * processor handles events with the same token in one transaction, whatever its batch size is. For
 * one thread.
 */
final class TenantGroupedEventStream implements BlockingStream<TrackedEventMessage<?>> {
  /** Those of the end of a run; more would lock what belongs to the tenant for longer. */
  private static final int GROUP_MAX = 8;

  private final BlockingStream<TrackedEventMessage<?>> events;
  private final Queue<TrackedEventMessage<?>> group = new ArrayDeque<>();

  TenantGroupedEventStream(BlockingStream<TrackedEventMessage<?>> events) {
    this.events = events;
  }

  @Override
  public Optional<TrackedEventMessage<?>> peek() {
    try {
      return hasNextAvailable(0, TimeUnit.NANOSECONDS)
          ? Optional.of(group.element())
          : Optional.empty();
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }

  @Override
  public boolean hasNextAvailable(int timeout, TimeUnit unit) throws InterruptedException {
    if (!group.isEmpty()) return true;
    if (!events.hasNextAvailable(timeout, unit)) return false;
    fillGroup();
    return true;
  }

  @Override
  public TrackedEventMessage<?> nextAvailable() throws InterruptedException {
    if (group.isEmpty()) fillGroup();
    return group.remove();
  }

  /** Reads the next event, and those after it that belong to its group and can be read at once. */
  private void fillGroup() throws InterruptedException {
    var read = new ArrayDeque<TrackedEventMessage<?>>();
    read.add(events.nextAvailable());
    String tenant = tenantOf(read.getFirst());
    while (read.size() < GROUP_MAX
        && events.peek().filter(next -> tenantOf(next).equals(tenant)).isPresent())
      read.add(events.nextAvailable());
    var end = read.getLast().trackingToken();
    read.forEach(event -> group.add(event.withTrackingToken(end)));
  }

  private static String tenantOf(TrackedEventMessage<?> event) {
    return Objects.toString(event.getMetaData().get(Provenance.TENANT));
  }

  @Override
  public boolean setOnAvailableCallback(Runnable callback) {
    return events.setOnAvailableCallback(callback);
  }

  @Override
  public void skipMessagesWithPayloadTypeOf(TrackedEventMessage<?> ignored) {
    events.skipMessagesWithPayloadTypeOf(ignored);
  }

  @Override
  public void close() {
    events.close();
  }
}
