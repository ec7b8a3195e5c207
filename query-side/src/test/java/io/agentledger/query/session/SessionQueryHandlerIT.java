package io.agentledger.query.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.agentledger.api.content.Content;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.permission.DecisionView;
import io.agentledger.api.permission.DecisionView.DecisionStatus;
import io.agentledger.api.permission.PermissionQuery.ListDecisions;
import io.agentledger.api.session.Activity;
import io.agentledger.api.session.Budget;
import io.agentledger.api.session.MessageId;
import io.agentledger.api.session.QueryId;
import io.agentledger.api.session.RunId;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.ThreadId;
import io.agentledger.api.session.event.OutputEvent.MessageOrigin;
import io.agentledger.api.session.event.QueryEvent.QueryIssued;
import io.agentledger.api.session.query.MessageView;
import io.agentledger.api.session.query.RunView;
import io.agentledger.api.session.query.SessionFilter;
import io.agentledger.api.session.query.SessionQuery;
import io.agentledger.api.session.query.SessionQuery.FindRun;
import io.agentledger.api.session.query.SessionQuery.FindSession;
import io.agentledger.api.session.query.SessionQuery.ListMessages;
import io.agentledger.api.session.query.SessionQuery.ListRuns;
import io.agentledger.api.session.query.SessionQuery.ListSessionEvents;
import io.agentledger.api.session.query.SessionQuery.ListSessions;
import io.agentledger.api.session.query.SessionQuery.ListToolCalls;
import io.agentledger.api.session.query.SessionView;
import io.agentledger.api.session.query.ToolCallView;
import io.agentledger.api.shared.Money;
import io.agentledger.api.shared.Page;
import io.agentledger.api.shared.PageRequest;
import io.agentledger.api.shared.Rejection;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.projection.SessionEventFixture;
import io.agentledger.query.QueryTestSupport;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.axonframework.eventhandling.EventMessage;
import org.junit.jupiter.api.Test;

class SessionQueryHandlerIT extends QueryTestSupport {
  @Test
  void writerReadsItsChangeImmediately() {
    for (int i = 0; i < 50; i++) {
      var fixture = newSession().completeSession();
      assertThat(query(new FindSession(TENANT, fixture.id), SessionView.class).sequence())
          .isEqualTo(12);
    }
  }

  @Test
  void sessionThatAClientWasToldOfIsInTheNextList() {
    for (int i = 0; i < 50; i++) {
      var fixture = newSession().opened("t");
      assertThat(
              this.<SessionView>page(new ListSessions(TENANT, SessionFilter.NONE, first(500)))
                  .items())
          .extracting(SessionView::id)
          .contains(fixture.id);
    }
  }

  @Test
  void allowedCallOfALostProcessIsNotShownAsAllowed() {
    var fixture = newSession().opened("t");
    var run = fixture.issueQuery("one");
    var call = fixture.toolCalled(run, "Bash");
    fixture.permissionAllowed(fixture.permissionRequested(run, call)).toolLost(run, call);
    await()
        .untilAsserted(
            () ->
                assertThat(
                        this.<DecisionView>page(new ListDecisions(TENANT, fixture.id, first(50)))
                            .items())
                    .extracting(DecisionView::status)
                    .containsExactly(DecisionStatus.UNKNOWN));
  }

  @Test
  void sessionIsShownOpened() {
    var fixture = newSession().completeSession();
    var view = query(new FindSession(TENANT, fixture.id), SessionView.class);
    assertThat(view.title()).isEqualTo("A title");
    assertThat(view.metadata()).isEqualTo(Map.of("team", "blue"));
    assertThat(view.activity()).isEqualTo(Activity.IDLE);
    assertThat(view.budget()).isEqualTo(new Budget.Limited(Money.ofUsd("5")));
    assertThat(view.usage()).isEqualTo(SessionEventFixture.USAGE);
    assertThat(view.costUsd()).isEqualTo(SessionEventFixture.COST);
    assertThat(view.pendingActions()).isEmpty();
  }

  @Test
  void pendingActionsAreShownWithTheSession() {
    var fixture = newSession().opened("t");
    var run = fixture.issueQuery("one");
    var call = fixture.toolCalled(run, "Bash");
    var action = fixture.permissionRequested(run, call);
    fixture.activity(Activity.WAITING, action);
    var view = query(new FindSession(TENANT, fixture.id), SessionView.class);
    assertThat(view.pendingActions())
        .singleElement()
        .satisfies(
            pending -> {
              assertThat(pending.actionId()).isEqualTo(action);
              assertThat(pending.type()).isEqualTo("permission");
              assertThat(pending.input().text()).isEqualTo("{\"command\":\"ls\"}");
              assertThat(pending.reason()).isEqualTo("No rule allows it.");
              assertThat(pending.expiresAt()).isEqualTo(pending.requestedAt().plusSeconds(300));
            });
    assertThat(
            this.<SessionView>page(
                    new ListSessions(
                        TENANT, new SessionFilter(Activity.WAITING, Set.of(), null), first(500)))
                .items())
        .extracting(SessionView::id)
        .contains(fixture.id);
    assertThat(
            this.<SessionView>page(
                    new ListSessions(
                        TENANT, new SessionFilter(Activity.ENDED, Set.of(), null), first(500)))
                .items())
        .isEmpty();
  }

  @Test
  void transcriptHasPromptsAndAnswersInOrder() {
    var fixture = newSession().completeSession();
    List<MessageView> messages =
        this.<MessageView>page(new ListMessages(TENANT, fixture.id, first(50))).items();
    assertThat(messages)
        .extracting(view -> view.block().text())
        .containsExactly(
            "{\"type\":\"text\",\"text\":\"What is here?\"}",
            "{\"type\":\"text\",\"text\":\"Looking.\"}",
            "{\"type\":\"text\",\"text\":\"A file.\"}");
    assertThat(messages).allSatisfy(view -> assertThat(view.threadId()).isEqualTo(fixture.thread));
    assertThat(messages.getFirst().queryId()).isNotNull();
    assertThat(messages)
        .extracting(MessageView::origin)
        .containsExactly(null, MessageOrigin.MODEL, MessageOrigin.MODEL);
  }

  @Test
  void threadIsReadSeparatelyAndPagedToItsEnd() {
    var fixture = newSession().completeSession();
    var run = RunId.next();
    var threadId = ThreadId.next();
    for (int i = 1; i <= 5; i++)
      fixture.messageReceivedOn(threadId, run, MessageId.next(), "sub " + i);
    var call = fixture.toolCalledOn(threadId, run, "Read");
    var read = new ArrayList<String>();
    String cursor = null;
    do {
      Page<MessageView> page =
          page(new ListMessages(TENANT, fixture.id, threadId, new PageRequest(2, cursor)));
      page.items().forEach(view -> read.add(view.block().text()));
      assertThat(page.items()).allMatch(view -> view.threadId().equals(threadId));
      cursor = page.nextCursor();
    } while (cursor != null);
    assertThat(read).hasSize(5).first().asString().contains("sub 1");
    assertThat(
            this.<MessageView>page(new ListMessages(TENANT, fixture.id, fixture.thread, first(50)))
                .items())
        .hasSize(3)
        .first()
        .satisfies(prompt -> assertThat(prompt.queryId()).isNotNull());
    assertThat(
            this.<MessageView>page(new ListMessages(TENANT, fixture.id, ThreadId.next(), first(50)))
                .items())
        .isEmpty();
    assertThat(
            this.<ToolCallView>page(
                    new ListToolCalls(TENANT, fixture.id, threadId, null, first(50)))
                .items())
        .extracting(ToolCallView::id)
        .containsExactly(call);
    String ofAll = this.page(new ListMessages(TENANT, fixture.id, first(1))).nextCursor();
    assertThatThrownBy(
            () -> page(new ListMessages(TENANT, fixture.id, threadId, new PageRequest(1, ofAll))))
        .isInstanceOf(RejectionException.class);
  }

  @Test
  void retractedModelOutputIsMarked() {
    var fixture = newSession().completeSession();
    var run = RunId.next();
    var query = QueryId.next();
    var begun = MessageId.next();
    fixture.issued(run, query, fixture.seal(QueryIssued.class, "prompt", "Do it."));
    fixture.started(run, query, 1).messageReceivedOn(fixture.thread, run, begun, "I would");
    fixture.modelRefused(run, begun);
    fixture.messageReceived(run, "I do it.");
    assertThat(query(new FindRun(TENANT, fixture.id, run), RunView.class))
        .satisfies(
            view -> {
              assertThat(view.refusedModel()).isEqualTo("claude-fable-5");
              assertThat(view.model()).isEqualTo("claude-opus-4-8");
            });
    assertThat(
            this.<MessageView>page(new ListMessages(TENANT, fixture.id, first(50))).items().stream()
                .filter(MessageView::retracted))
        .singleElement()
        .satisfies(view -> assertThat(view.messageId()).isEqualTo(begun));
  }

  @Test
  void toolCallsAndRunsAreShown() {
    var fixture = newSession().completeSession();
    List<ToolCallView> calls =
        this.<ToolCallView>page(new ListToolCalls(TENANT, fixture.id, first(50))).items();
    assertThat(calls)
        .singleElement()
        .satisfies(call -> assertThat(call.output().text()).isEqualTo("\"README.md\""));
    List<RunView> runs = this.<RunView>page(new ListRuns(TENANT, fixture.id, first(50))).items();
    assertThat(runs)
        .singleElement()
        .satisfies(
            run -> {
              assertThat(run.stopReason()).isEqualTo("completed");
              assertThat(run.result()).isEqualTo("A file.");
              assertThat(run.costUsd()).isEqualTo(SessionEventFixture.COST);
              assertThat(run.modelUsage()).isEqualTo(SessionEventFixture.TALLY.models());
              assertThat(query(new FindRun(TENANT, fixture.id, run.id()), RunView.class))
                  .isEqualTo(run);
            });
  }

  @Test
  void toolCallThroughALinkShowsThePathThatItWasDecidedAbout() {
    var fixture = newSession().opened("t");
    var run = fixture.issueQuery("one");
    fixture.toolCalledThroughLink(run, "Read", "/workspace/AGENTS.md");
    fixture.toolCalled(run, "Bash");
    assertThat(this.<ToolCallView>page(new ListToolCalls(TENANT, fixture.id, first(50))).items())
        .extracting(ToolCallView::resolvedPath)
        .containsExactly("/workspace/AGENTS.md", null);
  }

  @Test
  void newestRunsComeFirst() {
    var fixture = newSession().opened("t");
    var all = new ArrayList<RunId>();
    for (int i = 0; i < 5; i++) {
      var run = RunId.next();
      fixture.queued(run, QueryId.next(), "q" + i);
      all.addFirst(run);
    }
    var read = new ArrayList<RunId>();
    var page = this.<RunView>page(new ListRuns(TENANT, fixture.id, first(2)));
    for (;
        page.nextCursor() != null;
        page = this.page(new ListRuns(TENANT, fixture.id, new PageRequest(2, page.nextCursor()))))
      page.items().forEach(run -> read.add(run.id()));
    page.items().forEach(run -> read.add(run.id()));
    assertThat(read).isEqualTo(all);
  }

  @Test
  void pagesHaveNoGapsOrDuplicatesDuringWrites() {
    var events = new ArrayList<EventMessage<?>>();
    var expected = new ArrayList<SessionId>();
    for (int i = 0; i < 1200; i++) expected.add(newSession(events).opened("s" + i).id);
    append(events);
    awaitHead();
    var done = new AtomicBoolean();
    var writer =
        CompletableFuture.runAsync(
            () -> {
              while (!done.get()) newSession().opened("new");
            });
    var read = new ArrayList<SessionId>();
    String cursor = null;
    do {
      Page<SessionView> page =
          page(new ListSessions(TENANT, SessionFilter.NONE, new PageRequest(50, cursor)));
      page.items().forEach(view -> read.add(view.id()));
      cursor = page.nextCursor();
    } while (cursor != null);
    done.set(true);
    writer.join();
    assertThat(read).doesNotHaveDuplicates().containsAll(expected);
  }

  @Test
  void transcriptIsPagedToItsEnd() {
    var events = new ArrayList<EventMessage<?>>();
    var fixture = newSession(events).opened("t");
    var run = RunId.next();
    for (int i = 0; i < 1200; i++) fixture.messageReceived(run, "m" + i);
    append(events);
    awaitSeen(fixture);
    var read = new ArrayList<Long>();
    String cursor = null;
    do {
      Page<MessageView> page =
          page(new ListMessages(TENANT, fixture.id, new PageRequest(500, cursor)));
      page.items().forEach(view -> read.add(view.sequence()));
      cursor = page.nextCursor();
    } while (cursor != null);
    assertThat(read).hasSize(1200).isSorted().doesNotHaveDuplicates();
  }

  @Test
  void rejectsTamperedAndForeignCursors() {
    var fixture = newSession().completeSession();
    String cursor = this.page(new ListMessages(TENANT, fixture.id, first(1))).nextCursor();
    char last = cursor.charAt(cursor.length() - 2);
    String changed =
        cursor.substring(0, cursor.length() - 2)
            + (last == 'A' ? 'B' : 'A')
            + cursor.charAt(cursor.length() - 1);
    var otherSession = newSession().completeSession();
    for (SessionQuery query :
        List.of(
            new ListMessages(TENANT, fixture.id, new PageRequest(1, changed)),
            new ListMessages(TENANT, fixture.id, new PageRequest(1, "no cursor!")),
            new ListMessages(TENANT, fixture.id, new PageRequest(1, "")),
            new ListMessages(TENANT, otherSession.id, new PageRequest(1, cursor)),
            new ListToolCalls(TENANT, fixture.id, new PageRequest(1, cursor)),
            new ListSessions(TENANT, SessionFilter.NONE, new PageRequest(1, cursor))))
      assertThatThrownBy(() -> page(query))
          .satisfies(no -> assertRejected(no, new Rejection.InvalidCursor()));
  }

  @Test
  void anotherTenantSeesNothing() {
    var fixture = newSession().completeSession();
    awaitSeen(fixture);
    var outsider = TenantId.next();
    var run =
        this.<RunView>page(new ListRuns(TENANT, fixture.id, first(1))).items().getFirst().id();
    assertThat(this.page(new ListSessions(outsider, SessionFilter.NONE, first(500))).items())
        .isEmpty();
    for (SessionQuery query :
        List.of(
            new ListMessages(outsider, fixture.id, first(1)),
            new ListToolCalls(outsider, fixture.id, first(1)),
            new ListRuns(outsider, fixture.id, first(1))))
      assertThatThrownBy(() -> page(query)).satisfies(no -> assertNotFound(no, fixture.id));
    assertThatThrownBy(() -> query(new FindSession(outsider, fixture.id), SessionView.class))
        .satisfies(no -> assertNotFound(no, fixture.id));
    assertThatThrownBy(() -> query(new FindRun(outsider, fixture.id, run), RunView.class))
        .satisfies(no -> assertNotFound(no, fixture.id));
    assertThatThrownBy(() -> list(new ListSessionEvents(outsider, fixture.id, 0, 1)))
        .satisfies(no -> assertNotFound(no, fixture.id));
  }

  @Test
  void missingSessionIsNotFound() {
    var nobody = SessionId.next();
    assertThatThrownBy(() -> query(new FindSession(TENANT, nobody), SessionView.class))
        .satisfies(no -> assertNotFound(no, nobody));
    var fixture = newSession().completeSession();
    var run = RunId.next();
    assertThatThrownBy(() -> query(new FindRun(TENANT, fixture.id, run), RunView.class))
        .satisfies(no -> assertRejected(no, new Rejection.NotFound("run", run.value())));
  }

  @Test
  void erasedContentIsShownAsErased() {
    var fixture = new SessionEventFixture(this::append, new LostKeySealer()).completeSession();
    var view = query(new FindSession(TENANT, fixture.id), SessionView.class);
    assertThat(view.title()).isEqualTo("[erased]");
    assertThat(view.metadata()).isEmpty();
    assertThat(this.<MessageView>page(new ListMessages(TENANT, fixture.id, first(50))).items())
        .allSatisfy(
            message -> assertThat(message.block().text()).isEqualTo("{\"type\":\"erased\"}"));
  }

  @Test
  void waitingQueryHasNoRunInTheTranscript() {
    var fixture = newSession().opened("t");
    var first = fixture.issueQuery("one");
    var second = RunId.next();
    var query = QueryId.next();
    fixture.queued(second, query, "two");
    assertThat(prompt(fixture, query).runId()).isNull();
    fixture.completed(first, "x").issued(second, query, Content.ABSENT);
    assertThat(prompt(fixture, query).runId()).isEqualTo(second);
    assertThat(prompt(fixture, query).block().text()).contains("two");
  }

  private MessageView prompt(SessionEventFixture fixture, QueryId query) {
    return this.<MessageView>page(new ListMessages(TENANT, fixture.id, first(50))).items().stream()
        .filter(view -> query.equals(view.queryId()))
        .findFirst()
        .orElseThrow();
  }

  private static void assertNotFound(Throwable no, SessionId id) {
    assertRejected(no, new Rejection.NotFound("session", id.value()));
  }

  private static void assertRejected(Throwable no, Rejection rejection) {
    assertThat(no).isInstanceOf(RejectionException.class);
    assertThat(((RejectionException) no).rejection()).isEqualTo(rejection);
  }
}
