package io.agentledger.query.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentledger.api.session.ActionId;
import io.agentledger.api.session.QueryId;
import io.agentledger.api.session.RunId;
import io.agentledger.api.session.event.SessionEvent;
import io.agentledger.projection.SessionEventFixture;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventhandling.GenericDomainEventMessage;
import org.junit.jupiter.api.Test;

class EventLookbackTest {
  private final List<DomainEventMessage<?>> past = new ArrayList<>();
  private final SessionEventFixture fixture =
      new SessionEventFixture(this::record, new PlaintextSealer());
  private final AtomicInteger read = new AtomicInteger();

  private void record(long number, SessionEvent event) {
    past.add(new GenericDomainEventMessage<>("Session", event.sessionId().value(), number, event));
  }

  /** Returns a lookup of events in memory, for a stream that starts at an event. */
  static EventLookback lookback(List<DomainEventMessage<?>> events, long start) {
    return lookback(events, start, new AtomicInteger());
  }

  private static EventLookback lookback(
      List<DomainEventMessage<?>> events, long start, AtomicInteger read) {
    return new EventLookback(
        (before, types, max) -> {
          var page =
              events.reversed().stream()
                  .filter(event -> event.getSequenceNumber() < before)
                  .filter(event -> types.contains(event.getPayloadType()))
                  .limit(max)
                  .toList();
          read.addAndGet(page.size());
          return page;
        },
        start);
  }

  private EventLookback lookback() {
    return lookback(past, past.size(), read);
  }

  private RunId run() {
    var run = fixture.issueQuery("p");
    fixture.started(run, QueryId.next(), 1);
    return run;
  }

  private ActionId action(RunId run) {
    return fixture.permissionRequested(run, fixture.toolCalled(run, "Bash"));
  }

  @Test
  void recentEventsAreFoundWithoutTheRestOfALongSession() {
    fixture.opened("t");
    var first = run();
    for (int i = 0; i < 2_000; i++) action(run());
    var run = run();
    var action = action(run);
    var lookback = lookback();
    assertThat(lookback.find(run)).isNotNull();
    assertThat(lookback.find(action)).isNotNull();
    assertThat(read.get()).isLessThan(20);
    assertThat(lookback.find(first)).isNotNull();
    assertThat(read.get()).isBetween(6_000, 6_005);
  }

  @Test
  void eachEventIsReadOnce() {
    fixture.opened("t");
    var runs = new ArrayList<RunId>();
    for (int i = 0; i < 100; i++) runs.add(run());
    var lookback = lookback();
    for (var run : runs) assertThat(lookback.find(run)).isNotNull();
    assertThat(lookback.find(ActionId.next())).isNull();
    assertThat(lookback.find(RunId.next())).isNull();
    assertThat(read.get()).isEqualTo(200);
  }

  @Test
  void runThatNeverStartedIsNotLookedForBeforeItsQuery() {
    fixture.opened("t");
    for (int i = 0; i < 500; i++) run();
    var waiting = RunId.next();
    fixture.queued(waiting, QueryId.next(), "p");
    assertThat(lookback().find(waiting)).isNull();
    assertThat(read.get()).isLessThan(20);
  }

  @Test
  void streamFromTheFirstEventReadsNothing() {
    fixture.opened("t");
    var run = run();
    var lookback = lookback(past, 0, read);
    assertThat(lookback.find(run)).isNull();
    past.forEach(event -> lookback.remember((SessionEvent) event.getPayload()));
    assertThat(lookback.find(run)).isEqualTo(fixture.machinery());
    assertThat(read.get()).isZero();
  }
}
