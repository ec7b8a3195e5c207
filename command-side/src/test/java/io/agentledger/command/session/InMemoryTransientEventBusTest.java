package io.agentledger.command.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentledger.api.session.QueryId;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.stream.StreamItem;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class InMemoryTransientEventBusTest {
  private static final SessionId SESSION = new SessionId("ses_2222222222");
  private static final QueryId QUERY = new QueryId("qry_2222222222");
  private final InMemoryTransientEventBus inMemoryTransientEventBus =
      new InMemoryTransientEventBus();

  private static StreamItem frame(SessionId session) {
    return StreamItem.transientEvent(
        session,
        null,
        null,
        Instant.EPOCH,
        new StreamItem.Done(QUERY, StreamItem.Done.Reason.RUN_ENDED));
  }

  @Test
  void eventsReachSubscribersOfTheirSession() {
    List<StreamItem> items = new ArrayList<>();
    List<StreamItem> other = new ArrayList<>();
    inMemoryTransientEventBus.subscribe(SESSION, items::add);
    inMemoryTransientEventBus.subscribe(new SessionId("ses_3333333333"), other::add);
    var frame = frame(SESSION);
    inMemoryTransientEventBus.publish(frame);
    assertThat(items).containsExactly(frame);
    assertThat(other).isEmpty();
  }

  @Test
  void unsubscribedListenerGetsNothingAndUnsubscribingIsIdempotent() {
    List<StreamItem> items = new ArrayList<>();
    List<StreamItem> stays = new ArrayList<>();
    var leave = inMemoryTransientEventBus.subscribe(SESSION, items::add);
    inMemoryTransientEventBus.subscribe(SESSION, stays::add);
    leave.run();
    leave.run();
    inMemoryTransientEventBus.publish(frame(SESSION));
    assertThat(items).isEmpty();
    assertThat(stays).hasSize(1);
  }

  @Test
  void listenerSubscribedTwiceGetsEachEventTwice() {
    List<StreamItem> items = new ArrayList<>();
    java.util.function.Consumer<StreamItem> listener = items::add;
    var leave = inMemoryTransientEventBus.subscribe(SESSION, listener);
    inMemoryTransientEventBus.subscribe(SESSION, listener);
    leave.run();
    inMemoryTransientEventBus.publish(frame(SESSION));
    assertThat(items).hasSize(1);
  }

  @Test
  void throwingListenerDoesNotAffectOthers() {
    List<StreamItem> items = new ArrayList<>();
    inMemoryTransientEventBus.subscribe(
        SESSION,
        frame -> {
          throw new IllegalStateException("slow reader");
        });
    inMemoryTransientEventBus.subscribe(SESSION, items::add);
    inMemoryTransientEventBus.publish(frame(SESSION));
    assertThat(items).hasSize(1);
  }

  @Test
  void listenerThatUnsubscribesDuringDeliveryDoesNotAffectOthers() {
    List<StreamItem> items = new ArrayList<>();
    var leave = new Runnable[1];
    leave[0] = inMemoryTransientEventBus.subscribe(SESSION, frame -> leave[0].run());
    inMemoryTransientEventBus.subscribe(SESSION, items::add);
    inMemoryTransientEventBus.publish(frame(SESSION));
    inMemoryTransientEventBus.publish(frame(SESSION));
    assertThat(items).hasSize(2);
  }

  @Test
  void publishingWithoutSubscribersSucceeds() {
    inMemoryTransientEventBus.publish(frame(SESSION));
  }
}
