package io.agentledger.query.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;
import static org.awaitility.Awaitility.await;

import io.agentledger.api.identity.TenantId;
import io.agentledger.api.session.QueryId;
import io.agentledger.api.session.RunId;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.query.SessionQuery.FollowSession;
import io.agentledger.api.session.query.SessionQuery.ListSessionEvents;
import io.agentledger.api.session.stream.StreamItem;
import io.agentledger.api.shared.Rejection;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.api.shared.SessionRejection;
import io.agentledger.projection.SessionEventFixture;
import io.agentledger.query.QueryTestSupport;
import io.agentledger.store.StatementRecorder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;
import reactor.test.StepVerifier;

class SessionStreamQueryHandlerIT extends QueryTestSupport {
  private static final int SESSIONS = 50;
  private static final int EVENT_COUNT = 200;
  private static final int JOINS = 400;

  @Test
  void storedAndLiveEventsJoinWithoutGapsOrDuplicates() throws Exception {
    var stories = new ArrayList<SessionEventFixture>();
    for (int i = 0; i < SESSIONS; i++) stories.add(newSession().opened("t"));
    var random = new Random(7);
    var readers = new ArrayList<CompletableFuture<List<Long>>>();
    var starts = new ArrayList<Long>();
    try (var writers = Executors.newFixedThreadPool(8)) {
      for (var fixture : stories)
        writers.submit(
            () -> {
              var run = RunId.next();
              while (fixture.sequence() < EVENT_COUNT) fixture.messageReceived(run, "x");
            });
      for (int joins = 0; joins < JOINS; joins++) {
        long after = random.nextInt(4) == 0 ? random.nextInt(EVENT_COUNT) : 0;
        starts.add(after);
        readers.add(join(stories.get(random.nextInt(SESSIONS)).id, after, random));
        await().pollDelay(Duration.ofMillis(random.nextInt(10) + 1)).until(() -> true);
      }
    }
    for (int i = 0; i < JOINS; i++)
      assertThat(readers.get(i).get(60, TimeUnit.SECONDS))
          .as("join %d", i)
          .isEqualTo(LongStream.rangeClosed(starts.get(i) + 1, EVENT_COUNT).boxed().toList());
  }

  /** Follows a session; a third of the readers request three events at a time, slowly. */
  private CompletableFuture<List<Long>> join(SessionId session, long after, Random random) {
    var items = follow(new FollowSession(TENANT, session, after));
    if (random.nextInt(3) == 0) items = items.limitRate(3).delayElements(Duration.ofMillis(1));
    return items.map(StreamItem::sequence).take(EVENT_COUNT - after).collectList().toFuture();
  }

  @Test
  void readerWithoutDemandGetsNothingAndMissesNothing() {
    var fixture = newSession().opened("t");
    var run = RunId.next();
    var got = new CopyOnWriteArrayList<Long>();
    var slow = new DemandSubscriber(got, 2);
    follow(new FollowSession(TENANT, fixture.id, 0)).subscribe(slow);
    for (int i = 0; i < 600; i++) fixture.messageReceived(run, "x");
    // The follower is idle now.
    await().pollDelay(Duration.ofMillis(1500)).until(() -> got.size() == 2);

    slow.request(3);
    await().until(() -> got.size() == 5);
    slow.request(Long.MAX_VALUE);
    await().until(() -> got.size() == 601);
    fixture.messageReceived(run, "live");
    await().until(() -> got.size() == 602);
    assertThat(got).isEqualTo(LongStream.rangeClosed(1, 602).boxed().toList());
    slow.cancel();
  }

  private static final class DemandSubscriber extends BaseSubscriber<StreamItem> {
    private final List<Long> got;
    private final int first;

    DemandSubscriber(List<Long> got, int first) {
      this.got = got;
      this.first = first;
    }

    @Override
    protected void hookOnSubscribe(Subscription subscription) {
      request(first);
    }

    @Override
    protected void hookOnNext(StreamItem item) {
      got.add(item.sequence());
    }
  }

  @Test
  void readerFromNowGetsOnlyNewEvents() {
    var fixture = newSession().completeSession();
    var got = new CopyOnWriteArrayList<StreamItem>();
    var reading =
        follow(new FollowSession(TENANT, fixture.id, FollowSession.FROM_NOW)).subscribe(got::add);
    var run = RunId.next();
    await()
        .until(
            () -> {
              fixture.messageReceived(run, "news");
              return !got.isEmpty();
            });
    assertThat(got.getFirst().sequence()).isGreaterThan(12);
    assertThat(got).allSatisfy(item -> assertThat(item.type()).isEqualTo("message"));
    reading.dispose();
  }

  @Test
  void readerBehindTheHeadWaits() {
    var fixture = newSession().opened("t");
    var run = RunId.next();
    StepVerifier.create(
            follow(new FollowSession(TENANT, fixture.id, 3)).map(StreamItem::sequence).take(2))
        .then(
            () -> {
              for (int i = 0; i < 5; i++) fixture.messageReceived(run, "x");
            })
        .expectNext(4L, 5L)
        .expectComplete()
        .verify(Duration.ofSeconds(10));
  }

  @Test
  void sessionOfAnotherUserIsNotFound() {
    var fixture = newSession().completeSession();
    for (var query :
        List.of(
            new FollowSession(TenantId.next(), fixture.id, 0),
            new FollowSession(TENANT, SessionId.next(), 0)))
      StepVerifier.create(follow(query))
          .expectErrorSatisfies(
              error ->
                  assertThat(((RejectionException) error).rejection())
                      .isEqualTo(new Rejection.NotFound("session", query.sessionId().value())))
          .verify(Duration.ofSeconds(10));
  }

  @Test
  void eventsAreReadInBatches() {
    var fixture = newSession().completeSession();
    assertThat(list(new ListSessionEvents(TENANT, fixture.id, 0, 5)))
        .extracting(StreamItem::sequence)
        .containsExactly(1L, 2L, 3L, 4L, 5L);
    assertThat(list(new ListSessionEvents(TENANT, fixture.id, 10, 500)))
        .extracting(StreamItem::type)
        .containsExactly("result", "status");
    assertThat(list(new ListSessionEvents(TENANT, fixture.id, 12, 5))).isEmpty();
  }

  @Test
  void positionAfterTheNewestEventIsRejected() {
    var fixture = newSession().completeSession();
    assertThatThrownBy(() -> list(new ListSessionEvents(TENANT, fixture.id, 13, 5)))
        .extracting(failure -> ((RejectionException) failure).rejection())
        .isEqualTo(new SessionRejection.PositionBeyondEnd(12, "after"));
  }

  @Test
  void lateSubscriberGetsTheRunsInitEvent() {
    var fixture = newSession().completeSession();
    var result =
        (StreamItem.Result)
            list(new ListSessionEvents(TENANT, fixture.id, 10, 1)).getFirst().body();
    assertThat(result.upstream()).isEqualTo(fixture.machinery().upstream());
    assertThat(result.result()).isEqualTo("A file.");
    assertThat(result.costUsd()).isEqualTo(SessionEventFixture.COST);
  }

  @Test
  void pageReadsOnlyWhatItNeedsOfTheEventsBefore() {
    var fixture = newSession().completeSession();
    var run = fixture.issueQuery("again");
    fixture.started(run, QueryId.next(), 1);
    for (int i = 0; i < 30; i++) fixture.messageReceived(run, "x");
    fixture.completed(run, "Done.");
    long last = fixture.sequence();
    var statements =
        StatementRecorder.record(
            () -> {
              var items = list(new ListSessionEvents(TENANT, fixture.id, last - 1, 1));
              assertThat(((StreamItem.Result) items.getFirst().body()).upstream()).isNotNull();
            });
    // The node has the page in memory; streams that other tests have left may read one.
    assertThat(Set.copyOf(statements))
        .map(statement -> statement.toLowerCase(Locale.ROOT))
        .filteredOn(statement -> statement.contains("from event") && !statement.contains("max("))
        .filteredOn(statement -> !statement.contains("sequencenumber >= ?"))
        .singleElement(STRING)
        .contains("sequencenumber < ?", "payloadtype = any(?)");
  }

  @Test
  void pageIsQueriedIfTheNodeDoesNotHaveAllOfIt() {
    var fixture = newSession().completeSession();
    awaitSeen(fixture);
    long last = fixture.sequence();
    var statements =
        StatementRecorder.record(
            () ->
                assertThat(list(new ListSessionEvents(TENANT, fixture.id, last - 1, 2)))
                    .hasSize(1));
    assertThat(statements)
        .map(statement -> statement.toLowerCase(Locale.ROOT))
        .anyMatch(statement -> statement.contains("sequencenumber >= ?"));
  }

  @Test
  void destroyedKeyErasesContentAndKeepsEvents() {
    var fixture = new SessionEventFixture(this::append, new LostKeySealer()).completeSession();
    var items = list(new ListSessionEvents(TENANT, fixture.id, 0, 500));
    assertThat(items).hasSize(12);
    assertThat(((StreamItem.Status) items.get(1).body()).fields())
        .containsEntry("prompt", "[erased]");
    assertThat(((StreamItem.Message) items.get(5).body()).block().text())
        .isEqualTo("{\"type\":\"erased\"}");
    assertThat(((StreamItem.Result) items.get(10).body()).result()).isEqualTo("[erased]");
    StepVerifier.create(follow(new FollowSession(TENANT, fixture.id, 0)).take(12))
        .expectNextCount(12)
        .expectComplete()
        .verify(Duration.ofSeconds(10));
  }
}
