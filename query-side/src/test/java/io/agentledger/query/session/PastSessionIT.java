package io.agentledger.query.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentledger.api.content.Content;
import io.agentledger.api.identity.Caller;
import io.agentledger.api.identity.CredentialId;
import io.agentledger.api.identity.Role;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.session.Activity;
import io.agentledger.api.session.MessageId;
import io.agentledger.api.session.QueryId;
import io.agentledger.api.session.SessionOrigin;
import io.agentledger.api.session.ThreadId;
import io.agentledger.api.session.event.LifecycleEvent.SessionRenamed;
import io.agentledger.api.session.event.OutputEvent.CallStatus;
import io.agentledger.api.session.event.OutputEvent.PriceSource;
import io.agentledger.api.session.query.MessageView;
import io.agentledger.api.session.query.SessionComparison;
import io.agentledger.api.session.query.SessionComparison.EventCount;
import io.agentledger.api.session.query.SessionPosition;
import io.agentledger.api.session.query.SessionQuery.CompareSession;
import io.agentledger.api.session.query.SessionQuery.FindPastSession;
import io.agentledger.api.session.query.SessionQuery.FindSession;
import io.agentledger.api.session.query.SessionQuery.ListMessages;
import io.agentledger.api.session.query.SessionQuery.ListToolCalls;
import io.agentledger.api.session.query.SessionView;
import io.agentledger.api.session.query.ToolCallView;
import io.agentledger.api.shared.PageRequest;
import io.agentledger.api.shared.Rejection;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.api.shared.SessionRejection;
import io.agentledger.projection.SessionEventFixture;
import io.agentledger.query.QueryTestSupport;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Sessions as they were at a position. */
class PastSessionIT extends QueryTestSupport {
  private SessionView at(SessionEventFixture fixture, SessionPosition position) {
    return query(new FindPastSession(TENANT, fixture.id, position), SessionView.class);
  }

  private SessionView present(SessionEventFixture fixture) {
    awaitSeen(fixture);
    return query(new FindSession(TENANT, fixture.id), SessionView.class);
  }

  /** Appends the events of a run, and returns the session after each step. */
  private List<SessionView> statesOf(SessionEventFixture fixture) {
    var states = new ArrayList<SessionView>();
    states.add(present(fixture.opened("First title")));
    var run = fixture.issueQuery("hello");
    states.add(present(fixture.activity(Activity.RUNNING)));
    var call = fixture.toolCalled(run, "Bash");
    var action = fixture.permissionRequested(run, call);
    states.add(present(fixture.activity(Activity.WAITING, action)));
    states.add(present(fixture.permissionAllowed(action).activity(Activity.RUNNING)));
    states.add(present(fixture.toolReturned(run, call)));
    states.add(
        present(
            fixture
                .turnCompleted(run, new PriceSource.Table("2026-11-01"))
                .completed(run, "done")));
    states.add(present(fixture.append(new SessionRenamed(fixture.id, Content.ABSENT))));
    return states;
  }

  @Test
  void twoPositionsAreCompared() {
    var fixture = newSession();
    var states = statesOf(fixture);
    long from = states.get(1).sequence();
    long to = states.get(4).sequence();
    var comparison =
        query(new CompareSession(TENANT, fixture.id, from, to), SessionComparison.class);
    assertThat(comparison.before()).isEqualTo(states.get(1));
    assertThat(comparison.after()).isEqualTo(states.get(4));
    assertThat(comparison.events())
        .contains(new EventCount("ToolCalled", 1), new EventCount("PermissionRequested", 1));
    assertThat(comparison.events().stream().mapToLong(EventCount::count).sum())
        .isEqualTo(to - from);

    var untilNow = query(new CompareSession(TENANT, fixture.id, to, null), SessionComparison.class);
    assertThat(untilNow.after()).isEqualTo(states.getLast());
    assertThatThrownBy(
            () -> query(new CompareSession(TENANT, fixture.id, 1, 1_000L), SessionComparison.class))
        .hasMessageContaining("event");
  }

  @Test
  void foldedStateIsWhatTheReadModelShowedThen() {
    var fixture = newSession();
    var states = statesOf(fixture);
    assertThat(states.get(2).pendingActions()).hasSize(1);
    assertThat(states)
        .allSatisfy(
            state -> {
              assertThat(at(fixture, new SessionPosition.AtSequence(state.sequence())))
                  .isEqualTo(state);
              assertThat(at(fixture, new SessionPosition.AsOf(state.updatedAt())).sequence())
                  .isGreaterThanOrEqualTo(state.sequence());
            });
  }

  @Test
  void timeAfterTheNewestEventShowsThePresent() {
    var fixture = newSession().completeSession();
    var present = present(fixture);
    assertThat(at(fixture, new SessionPosition.AsOf(present.updatedAt().plusSeconds(60))))
        .isEqualTo(present);
  }

  @Test
  void positionsOutsideTheHistoryAreRejected() {
    var fixture = newSession().completeSession();
    var present = present(fixture);
    assertRejected(
        fixture,
        new SessionPosition.AtSequence(present.sequence() + 1),
        new SessionRejection.PositionBeyondEnd(present.sequence(), "at"));
    assertRejected(
        fixture,
        new SessionPosition.AsOf(present.createdAt().minusMillis(1)),
        new SessionRejection.SessionNotYetOpened(present.createdAt()));
  }

  private void assertRejected(
      SessionEventFixture fixture, SessionPosition position, Rejection expected) {
    assertRejected(() -> at(fixture, position), expected);
  }

  private List<MessageView> messages(
      SessionEventFixture fixture, @Nullable ThreadId thread, @Nullable SessionPosition position) {
    var page = new PageRequest(50, null);
    return this.<MessageView>page(new ListMessages(TENANT, fixture.id, thread, position, page))
        .items();
  }

  @Test
  void transcriptIsWhatItWasThen() {
    var fixture = newSession().opened("Title");
    var run = fixture.issueQuery("Why?");
    long prompt = fixture.sequence();
    var begun = MessageId.next();
    fixture.started(run, QueryId.next(), 1).messageReceivedOn(fixture.thread, run, begun, "Be");
    long received = fixture.sequence();
    fixture.modelRefused(run, begun);
    long refused = fixture.sequence();
    fixture.messageReceived(run, "Because.");
    var present = present(fixture);
    for (var thread : Arrays.asList(null, fixture.thread)) {
      assertThat(messages(fixture, thread, new SessionPosition.AtSequence(prompt))).hasSize(1);
      assertThat(messages(fixture, thread, new SessionPosition.AtSequence(received)))
          .hasSize(2)
          .noneMatch(MessageView::retracted);
      assertThat(messages(fixture, thread, new SessionPosition.AtSequence(refused)))
          .hasSize(2)
          .filteredOn(MessageView::retracted)
          .extracting(MessageView::messageId)
          .containsExactly(begun);
      assertThat(messages(fixture, thread, new SessionPosition.AsOf(present.updatedAt())))
          .isEqualTo(messages(fixture, thread, null))
          .hasSize(3);
    }
    assertRejected(
        () -> messages(fixture, null, new SessionPosition.AtSequence(present.sequence() + 1)),
        new SessionRejection.PositionBeyondEnd(present.sequence(), "at"));
    assertRejected(
        () -> messages(fixture, null, new SessionPosition.AsOf(present.createdAt().minusMillis(1))),
        new SessionRejection.SessionNotYetOpened(present.createdAt()));
  }

  private List<ToolCallView> calls(
      SessionEventFixture fixture, @Nullable ThreadId thread, @Nullable SessionPosition position) {
    var page = new PageRequest(50, null);
    return this.<ToolCallView>page(new ListToolCalls(TENANT, fixture.id, thread, position, page))
        .items();
  }

  @Test
  void toolCallsAreWhatTheyWereThen() {
    var fixture = newSession().opened("Title");
    var run = fixture.issueQuery("List the files.");
    long issued = fixture.sequence();
    fixture.started(run, QueryId.next(), 1);
    var call = fixture.toolCalled(run, "Bash");
    long called = fixture.sequence();
    fixture.toolReturned(run, call);
    present(fixture);
    for (var thread : Arrays.asList(null, fixture.thread)) {
      assertThat(calls(fixture, thread, new SessionPosition.AtSequence(issued))).isEmpty();
      var present = calls(fixture, thread, null);
      assertThat(present)
          .singleElement()
          .matches(returned -> returned.status() == CallStatus.RETURNED)
          .matches(returned -> returned.output() != null && returned.returnedAt() != null);
      assertThat(calls(fixture, thread, new SessionPosition.AtSequence(called)))
          .singleElement()
          .matches(pending -> pending.id().equals(call) && pending.status() == null)
          .matches(pending -> pending.output() == null && pending.returnedAt() == null);
      assertThat(calls(fixture, thread, new SessionPosition.AtSequence(fixture.sequence())))
          .isEqualTo(present);
    }
  }

  @Test
  void inheritedMessagesAreWhatTheyWereWhenTheBranchBegan() {
    var source = newSession().opened("Source");
    var run = source.issueQuery("Why?");
    var begun = MessageId.next();
    source.started(run, QueryId.next(), 1).messageReceivedOn(source.thread, run, begun, "Be");
    var origin = new SessionOrigin.Cloned(source.id, source.sequence());
    var branch = newSession().opened("Branch", origin);
    source.modelRefused(run, begun);
    source.messageReceived(run, "Because.");
    present(source);
    long opened = present(branch).sequence();
    branch.issueQuery("And then?");
    present(branch);
    for (var position : Arrays.asList(null, new SessionPosition.AtSequence(opened)))
      assertThat(messages(branch, null, position))
          .filteredOn(MessageView::inherited)
          .hasSize(2)
          .noneMatch(MessageView::retracted);
    assertThat(messages(branch, null, new SessionPosition.AtSequence(opened))).hasSize(2);
    assertThat(messages(branch, null, null)).hasSize(3);
    assertThat(messages(source, null, null)).anyMatch(MessageView::retracted);
  }

  private static void assertRejected(ThrowingCallable query, Rejection expected) {
    assertThatThrownBy(query)
        .isInstanceOfSatisfying(
            RejectionException.class, e -> assertThat(e.rejection()).isEqualTo(expected));
  }

  @Test
  void othersDoNotSeeThePast() {
    var fixture = newSession().completeSession();
    present(fixture);
    var stranger = Caller.ofUser(TENANT, UserId.next(), CredentialId.next(), Role.MEMBER);
    var past = new FindPastSession(TENANT, fixture.id, new SessionPosition.AtSequence(1));
    assertThatThrownBy(() -> query(past, stranger, SessionView.class))
        .isInstanceOfSatisfying(
            RejectionException.class,
            e ->
                assertThat(e.rejection())
                    .isEqualTo(new Rejection.NotFound("session", fixture.id.value())));
  }
}
