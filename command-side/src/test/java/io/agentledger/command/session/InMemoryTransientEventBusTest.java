package io.agentledger.command.session;

import static io.agentledger.command.session.InMemoryTransientEventBus.UNRECEIVED_AGE_MAX;
import static io.agentledger.command.session.InMemoryTransientEventBus.UNRECEIVED_CHARS_MAX;
import static io.agentledger.command.session.InMemoryTransientEventBus.UNRECEIVED_ITEMS_MAX;
import static org.assertj.core.api.Assertions.assertThat;

import io.agentledger.api.session.MessageId;
import io.agentledger.api.session.QueryId;
import io.agentledger.api.session.RunId;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.stream.StreamItem;
import io.agentledger.api.session.stream.StreamItem.Partial;
import io.agentledger.api.session.stream.StreamItem.Partial.Phase;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class InMemoryTransientEventBusTest {
  private static final SessionId SESSION = new SessionId("ses_2222222222");
  private static final QueryId QUERY = new QueryId("qry_2222222222");
  private static final RunId RUN = new RunId("run_2222222222");
  private static final MessageId MESSAGE = new MessageId("msg_2222222222");
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
    inMemoryTransientEventBus.subscribe(SESSION, null, items::add);
    inMemoryTransientEventBus.subscribe(new SessionId("ses_3333333333"), null, other::add);
    var frame = frame(SESSION);
    inMemoryTransientEventBus.publish(frame);
    assertThat(items).containsExactly(frame);
    assertThat(other).isEmpty();
  }

  @Test
  void unsubscribedListenerGetsNothingAndUnsubscribingIsIdempotent() {
    List<StreamItem> items = new ArrayList<>();
    List<StreamItem> stays = new ArrayList<>();
    var leave = inMemoryTransientEventBus.subscribe(SESSION, null, items::add);
    inMemoryTransientEventBus.subscribe(SESSION, null, stays::add);
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
    var leave = inMemoryTransientEventBus.subscribe(SESSION, null, listener);
    inMemoryTransientEventBus.subscribe(SESSION, null, listener);
    leave.run();
    inMemoryTransientEventBus.publish(frame(SESSION));
    assertThat(items).hasSize(1);
  }

  @Test
  void throwingListenerDoesNotAffectOthers() {
    List<StreamItem> items = new ArrayList<>();
    inMemoryTransientEventBus.subscribe(
        SESSION,
        null,
        frame -> {
          throw new IllegalStateException("slow reader");
        });
    inMemoryTransientEventBus.subscribe(SESSION, null, items::add);
    inMemoryTransientEventBus.publish(frame(SESSION));
    assertThat(items).hasSize(1);
  }

  @Test
  void listenerThatUnsubscribesDuringDeliveryDoesNotAffectOthers() {
    List<StreamItem> items = new ArrayList<>();
    var leave = new Runnable[1];
    leave[0] = inMemoryTransientEventBus.subscribe(SESSION, null, frame -> leave[0].run());
    inMemoryTransientEventBus.subscribe(SESSION, null, items::add);
    inMemoryTransientEventBus.publish(frame(SESSION));
    inMemoryTransientEventBus.publish(frame(SESSION));
    assertThat(items).hasSize(2);
  }

  @Test
  void streamOfAQueryGetsThePartialTextsThatCameBeforeIt() {
    List<StreamItem> items = new ArrayList<>();
    publishPartials(RUN, 0, "Hel", "lo");
    publishPartials(RunId.next(), 0, "other run");
    inMemoryTransientEventBus.subscribe(SESSION, RUN, items::add);
    publishPartials(RUN, 0, ".");
    assertThat(texts(items)).containsExactly("Hel", "lo", ".");
  }

  @Test
  void partialTextsThatSomebodyReceivedAreNotDeliveredAgain() {
    List<StreamItem> items = new ArrayList<>();
    var leave = inMemoryTransientEventBus.subscribe(SESSION, null, item -> {});
    publishPartials(RUN, 0, "received");
    leave.run();
    publishPartials(RUN, 0, "kept");
    inMemoryTransientEventBus.subscribe(SESSION, null, item -> {}).run();
    inMemoryTransientEventBus.subscribe(SESSION, RUN, items::add).run();
    inMemoryTransientEventBus.subscribe(SESSION, RUN, items::add);
    assertThat(texts(items)).containsExactly("kept");
  }

  @Test
  void keptPartialTextsAreLimitedInAgeNumberAndSize() {
    publishPartials(RUN, 0, "too old");
    publishPartials(RUN, UNRECEIVED_AGE_MAX.toSeconds() + 1, "new");
    assertThat(unreceived()).containsExactly("new");

    for (int i = 0; i <= UNRECEIVED_ITEMS_MAX; i++) publishPartials(RUN, 0, "" + i);
    assertThat(unreceived()).hasSize(UNRECEIVED_ITEMS_MAX).startsWith("1");

    publishPartials(RUN, 0, "a", "b".repeat(UNRECEIVED_CHARS_MAX), "c");
    assertThat(unreceived()).containsExactly("c");
  }

  private void publishPartials(RunId run, long second, String... texts) {
    for (String text : texts)
      inMemoryTransientEventBus.publish(
          StreamItem.transientEvent(
              SESSION,
              run,
              null,
              Instant.ofEpochSecond(second),
              new Partial(MESSAGE, 0, Phase.DELTA, "text", text)));
  }

  private List<String> unreceived() {
    List<StreamItem> items = new ArrayList<>();
    inMemoryTransientEventBus.subscribe(SESSION, RUN, items::add).run();
    return texts(items);
  }

  private static List<String> texts(List<StreamItem> items) {
    return items.stream().map(item -> ((Partial) item.body()).text()).toList();
  }

  @Test
  void publishingWithoutSubscribersSucceeds() {
    inMemoryTransientEventBus.publish(frame(SESSION));
  }
}
