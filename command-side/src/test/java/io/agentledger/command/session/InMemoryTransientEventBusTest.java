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
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class InMemoryTransientEventBusTest {
  private static final SessionId SESSION = new SessionId("ses_2222222222");
  private static final QueryId QUERY = new QueryId("qry_2222222222");
  private static final RunId RUN = new RunId("run_2222222222");
  private static final MessageId MESSAGE = new MessageId("msg_2222222222");
  private Instant now = Instant.EPOCH;
  private final InMemoryTransientEventBus inMemoryTransientEventBus =
      new InMemoryTransientEventBus(((InstantSource) () -> now).withZone(ZoneOffset.UTC));

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
    publishBeginning(RUN);
    publishPartials(RUN, "Hel", "lo");
    publishBeginning(RunId.next());
    inMemoryTransientEventBus.subscribe(SESSION, RUN, items::add);
    publishPartials(RUN, ".");
    assertThat(texts(items)).containsExactly("", "Hel", "lo", ".");
  }

  @Test
  void partialTextsThatSomebodyReceivedAreNotDeliveredAgain() {
    List<StreamItem> items = new ArrayList<>();
    var leave = inMemoryTransientEventBus.subscribe(SESSION, null, item -> {});
    publishPartials(RUN, "received");
    leave.run();
    publishBeginning(RUN);
    publishPartials(RUN, "kept");
    inMemoryTransientEventBus.subscribe(SESSION, null, item -> {}).run();
    inMemoryTransientEventBus.subscribe(SESSION, RUN, items::add).run();
    inMemoryTransientEventBus.subscribe(SESSION, RUN, items::add);
    assertThat(texts(items)).containsExactly("", "kept");
  }

  @Test
  void partialTextsWithoutTheirBeginningAreNotDelivered() {
    publishPartials(RUN, "continued");
    publishBeginning(RUN);
    publishPartials(RUN, "next");
    assertThat(unreceived()).containsExactly("", "next");
  }

  @Test
  void keptPartialTextsAreLimitedInAge() {
    publishBeginning(RUN);
    now = now.plus(UNRECEIVED_AGE_MAX);
    publishPartials(RUN, "continued");
    now = now.plusMillis(1);
    assertThat(unreceived()).isEmpty();
  }

  @Test
  void keptPartialTextsAreLimitedInNumberAndSize() {
    publishPartials(RUN, "first");
    for (int i = 0; i <= UNRECEIVED_ITEMS_MAX; i++) publishBeginning(RUN);
    assertThat(unreceived()).hasSize(UNRECEIVED_ITEMS_MAX);

    publishBeginning(RUN);
    publishPartials(RUN, "b".repeat(UNRECEIVED_CHARS_MAX));
    assertThat(unreceived()).hasSize(2);
    publishBeginning(RUN);
    publishPartials(RUN, "b".repeat(UNRECEIVED_CHARS_MAX), "c");
    assertThat(unreceived()).isEmpty();
  }

  private void publishBeginning(RunId run) {
    publish(run, new Partial(MESSAGE, 0, Phase.START, "text", ""));
  }

  private void publishPartials(RunId run, String... texts) {
    for (String text : texts) publish(run, new Partial(MESSAGE, 0, Phase.DELTA, "text", text));
  }

  private void publish(RunId run, Partial partial) {
    inMemoryTransientEventBus.publish(StreamItem.transientEvent(SESSION, run, null, now, partial));
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
