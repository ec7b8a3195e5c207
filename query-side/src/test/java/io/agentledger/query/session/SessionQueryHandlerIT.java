package io.agentledger.query.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentledger.api.content.Content;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.session.Activity;
import io.agentledger.api.session.Budget;
import io.agentledger.api.session.MessageId;
import io.agentledger.api.session.QueryId;
import io.agentledger.api.session.RunId;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.ThreadId;
import io.agentledger.api.session.event.QueryEvent.QueryIssued;
import io.agentledger.api.session.query.MessageView;
import io.agentledger.api.session.query.RunView;
import io.agentledger.api.session.query.SessionFilter;
import io.agentledger.api.session.query.SessionQuery;
import io.agentledger.api.session.query.SessionQuery.FindRun;
import io.agentledger.api.session.query.SessionQuery.FindSession;
import io.agentledger.api.session.query.SessionQuery.ListFacts;
import io.agentledger.api.session.query.SessionQuery.ListMessages;
import io.agentledger.api.session.query.SessionQuery.ListRuns;
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
  void whatWasWrittenIsReadAtOnce() {
    for (int i = 0; i < 50; i++) {
      var story = story().whole();
      assertThat(ask(new FindSession(TENANT, story.id), SessionView.class).sequence())
          .isEqualTo(12);
    }
  }

  @Test
  void aSessionIsShownOpened() {
    var story = story().whole();
    var view = ask(new FindSession(TENANT, story.id), SessionView.class);
    assertThat(view.title()).isEqualTo("A title");
    assertThat(view.metadata()).isEqualTo(Map.of("team", "blue"));
    assertThat(view.activity()).isEqualTo(Activity.IDLE);
    assertThat(view.budget()).isEqualTo(new Budget.Limited(Money.ofUsd("5")));
    assertThat(view.usage()).isEqualTo(SessionEventFixture.USAGE);
    assertThat(view.costUsd()).isEqualTo(SessionEventFixture.COST);
    assertThat(view.pendingActions()).isEmpty();
  }

  @Test
  void whatIsWaitedForIsShownWithTheSession() {
    var story = story().opened("t");
    var run = story.issued("one");
    var call = story.called(run, "Bash");
    var action = story.asked(run, call);
    story.activity(Activity.WAITING, action);
    var view = ask(new FindSession(TENANT, story.id), SessionView.class);
    assertThat(view.pendingActions())
        .singleElement()
        .satisfies(
            pending -> {
              assertThat(pending.id()).isEqualTo(action);
              assertThat(pending.kind()).isEqualTo("permission");
              assertThat(pending.input().text()).isEqualTo("{\"command\":\"ls\"}");
              assertThat(pending.reason()).isEqualTo("No rule allows it.");
              assertThat(pending.until()).isEqualTo(pending.since().plusSeconds(300));
            });
    assertThat(
            this.<SessionView>page(
                    new ListSessions(
                        TENANT, new SessionFilter(Activity.WAITING, Set.of(), null), first(500)))
                .items())
        .extracting(SessionView::id)
        .contains(story.id);
    assertThat(
            this.<SessionView>page(
                    new ListSessions(
                        TENANT, new SessionFilter(Activity.ENDED, Set.of(), null), first(500)))
                .items())
        .isEmpty();
  }

  @Test
  void theTranscriptHoldsPromptsAndAnswersInOrder() {
    var story = story().whole();
    List<MessageView> messages =
        this.<MessageView>page(new ListMessages(TENANT, story.id, first(50))).items();
    assertThat(messages)
        .extracting(view -> view.block().text())
        .containsExactly(
            "{\"type\":\"text\",\"text\":\"What is here?\"}",
            "{\"type\":\"text\",\"text\":\"Looking.\"}",
            "{\"type\":\"text\",\"text\":\"A file.\"}");
    assertThat(messages).allSatisfy(view -> assertThat(view.threadId()).isEqualTo(story.thread));
    assertThat(messages.getFirst().queryId()).isNotNull();
  }

  @Test
  void aLaneIsReadByItselfAndPagedToItsEnd() {
    var story = story().whole();
    var run = RunId.next();
    var threadId = ThreadId.next();
    for (int i = 1; i <= 5; i++) story.saidOn(threadId, run, MessageId.next(), "sub " + i);
    var call = story.calledOn(threadId, run, "Read");
    var read = new ArrayList<String>();
    String cursor = null;
    do {
      Page<MessageView> page =
          page(new ListMessages(TENANT, story.id, threadId, new PageRequest(2, cursor)));
      page.items().forEach(view -> read.add(view.block().text()));
      assertThat(page.items()).allMatch(view -> view.threadId().equals(threadId));
      cursor = page.next();
    } while (cursor != null);
    assertThat(read).hasSize(5).first().asString().contains("sub 1");
    assertThat(
            this.<MessageView>page(new ListMessages(TENANT, story.id, story.thread, first(50)))
                .items())
        .hasSize(3)
        .first()
        .satisfies(prompt -> assertThat(prompt.queryId()).isNotNull());
    assertThat(
            this.<MessageView>page(new ListMessages(TENANT, story.id, ThreadId.next(), first(50)))
                .items())
        .isEmpty();
    assertThat(
            this.<ToolCallView>page(new ListToolCalls(TENANT, story.id, threadId, first(50)))
                .items())
        .extracting(ToolCallView::id)
        .containsExactly(call);
    String ofAll = this.page(new ListMessages(TENANT, story.id, first(1))).next();
    assertThatThrownBy(
            () -> page(new ListMessages(TENANT, story.id, threadId, new PageRequest(1, ofAll))))
        .isInstanceOf(RejectionException.class);
  }

  @Test
  void whatAModelTookBackIsShownAsSuch() {
    var story = story().whole();
    var run = RunId.next();
    var query = QueryId.next();
    var begun = MessageId.next();
    story.issued(run, query, story.seal(QueryIssued.class, "prompt", "Do it."));
    story.started(run, query, 1).saidOn(story.thread, run, begun, "I would");
    story.refused(run, begun);
    story.said(run, "I do it.");
    assertThat(ask(new FindRun(TENANT, story.id, run), RunView.class))
        .satisfies(
            view -> {
              assertThat(view.refusedBy()).isEqualTo("claude-fable-5");
              assertThat(view.model()).isEqualTo("claude-opus-4-8");
            });
    assertThat(
            this.<MessageView>page(new ListMessages(TENANT, story.id, first(50))).items().stream()
                .filter(MessageView::retracted))
        .singleElement()
        .satisfies(view -> assertThat(view.messageId()).isEqualTo(begun));
  }

  @Test
  void toolCallsAndRunsAreShown() {
    var story = story().whole();
    List<ToolCallView> calls =
        this.<ToolCallView>page(new ListToolCalls(TENANT, story.id, first(50))).items();
    assertThat(calls)
        .singleElement()
        .satisfies(call -> assertThat(call.output().text()).isEqualTo("\"README.md\""));
    List<RunView> runs = this.<RunView>page(new ListRuns(TENANT, story.id, first(50))).items();
    assertThat(runs)
        .singleElement()
        .satisfies(
            run -> {
              assertThat(run.stopReason()).isEqualTo("completed");
              assertThat(run.result()).isEqualTo("A file.");
              assertThat(run.costUsd()).isEqualTo(SessionEventFixture.COST);
              assertThat(ask(new FindRun(TENANT, story.id, run.id()), RunView.class))
                  .isEqualTo(run);
            });
  }

  @Test
  void newestRunsComeFirst() {
    var story = story().opened("t");
    var all = new ArrayList<RunId>();
    for (int i = 0; i < 5; i++) {
      var run = RunId.next();
      story.queued(run, QueryId.next(), "q" + i);
      all.addFirst(run);
    }
    var read = new ArrayList<RunId>();
    var page = this.<RunView>page(new ListRuns(TENANT, story.id, first(2)));
    for (;
        page.next() != null;
        page = this.page(new ListRuns(TENANT, story.id, new PageRequest(2, page.next()))))
      page.items().forEach(run -> read.add(run.id()));
    page.items().forEach(run -> read.add(run.id()));
    assertThat(read).isEqualTo(all);
  }

  @Test
  void pagesHaveNoGapAndNoDoubleWhileOthersWrite() {
    var kept = new ArrayList<EventMessage<?>>();
    var expected = new ArrayList<SessionId>();
    for (int i = 0; i < 1200; i++) expected.add(story(kept).opened("s" + i).id);
    append(kept);
    awaitHead();
    var done = new AtomicBoolean();
    var writer =
        CompletableFuture.runAsync(
            () -> {
              while (!done.get()) story().opened("new");
            });
    var read = new ArrayList<SessionId>();
    String cursor = null;
    do {
      Page<SessionView> page =
          page(new ListSessions(TENANT, SessionFilter.NONE, new PageRequest(50, cursor)));
      page.items().forEach(view -> read.add(view.id()));
      cursor = page.next();
    } while (cursor != null);
    done.set(true);
    writer.join();
    assertThat(read).doesNotHaveDuplicates().containsAll(expected);
  }

  @Test
  void aTranscriptIsPagedToItsEnd() {
    var kept = new ArrayList<EventMessage<?>>();
    var story = story(kept).opened("t");
    var run = RunId.next();
    for (int i = 0; i < 1200; i++) story.said(run, "m" + i);
    append(kept);
    awaitSeen(story);
    var read = new ArrayList<Long>();
    String cursor = null;
    do {
      Page<MessageView> page =
          page(new ListMessages(TENANT, story.id, new PageRequest(500, cursor)));
      page.items().forEach(view -> read.add(view.sequence()));
      cursor = page.next();
    } while (cursor != null);
    assertThat(read).hasSize(1200).isSorted().doesNotHaveDuplicates();
  }

  @Test
  void aCursorThatWasTamperedWithOrIsOfAnotherListIsRefused() {
    var story = story().whole();
    String cursor = this.page(new ListMessages(TENANT, story.id, first(1))).next();
    char last = cursor.charAt(cursor.length() - 2);
    String changed =
        cursor.substring(0, cursor.length() - 2)
            + (last == 'A' ? 'B' : 'A')
            + cursor.charAt(cursor.length() - 1);
    var other = story().whole();
    for (SessionQuery query :
        List.of(
            new ListMessages(TENANT, story.id, new PageRequest(1, changed)),
            new ListMessages(TENANT, story.id, new PageRequest(1, "no cursor!")),
            new ListMessages(TENANT, story.id, new PageRequest(1, "")),
            new ListMessages(TENANT, other.id, new PageRequest(1, cursor)),
            new ListToolCalls(TENANT, story.id, new PageRequest(1, cursor)),
            new ListSessions(TENANT, SessionFilter.NONE, new PageRequest(1, cursor))))
      assertThatThrownBy(() -> page(query))
          .satisfies(no -> assertRejected(no, new Rejection.InvalidCursor()));
  }

  @Test
  void anotherTenantSeesNothing() {
    var story = story().whole();
    awaitSeen(story);
    var stranger = TenantId.next();
    var run = this.<RunView>page(new ListRuns(TENANT, story.id, first(1))).items().getFirst().id();
    assertThat(this.page(new ListSessions(stranger, SessionFilter.NONE, first(500))).items())
        .isEmpty();
    for (SessionQuery query :
        List.of(
            new ListMessages(stranger, story.id, first(1)),
            new ListToolCalls(stranger, story.id, first(1)),
            new ListRuns(stranger, story.id, first(1))))
      assertThatThrownBy(() -> page(query)).satisfies(no -> assertNotFound(no, story.id));
    assertThatThrownBy(() -> ask(new FindSession(stranger, story.id), SessionView.class))
        .satisfies(no -> assertNotFound(no, story.id));
    assertThatThrownBy(() -> ask(new FindRun(stranger, story.id, run), RunView.class))
        .satisfies(no -> assertNotFound(no, story.id));
    assertThatThrownBy(() -> list(new ListFacts(stranger, story.id, 0, 1)))
        .satisfies(no -> assertNotFound(no, story.id));
  }

  @Test
  void whatDoesNotExistIsNotFound() {
    var nobody = SessionId.next();
    assertThatThrownBy(() -> ask(new FindSession(TENANT, nobody), SessionView.class))
        .satisfies(no -> assertNotFound(no, nobody));
    var story = story().whole();
    var run = RunId.next();
    assertThatThrownBy(() -> ask(new FindRun(TENANT, story.id, run), RunView.class))
        .satisfies(no -> assertRejected(no, new Rejection.NotFound("run", run.value())));
  }

  @Test
  void whatWasErasedIsShownAsErased() {
    var story = new SessionEventFixture(this::append, new KeyGone()).whole();
    var view = ask(new FindSession(TENANT, story.id), SessionView.class);
    assertThat(view.title()).isEqualTo("[erased]");
    assertThat(view.metadata()).isEmpty();
    assertThat(this.<MessageView>page(new ListMessages(TENANT, story.id, first(50))).items())
        .allSatisfy(
            message -> assertThat(message.block().text()).isEqualTo("{\"type\":\"erased\"}"));
  }

  @Test
  void aQueryThatWaitsHasNoRunInTheTranscript() {
    var story = story().opened("t");
    var first = story.issued("one");
    var second = RunId.next();
    var query = QueryId.next();
    story.queued(second, query, "two");
    assertThat(prompt(story, query).runId()).isNull();
    story.completed(first, "x").issued(second, query, Content.ABSENT);
    assertThat(prompt(story, query).runId()).isEqualTo(second);
    assertThat(prompt(story, query).block().text()).contains("two");
  }

  private MessageView prompt(SessionEventFixture story, QueryId query) {
    return this.<MessageView>page(new ListMessages(TENANT, story.id, first(50))).items().stream()
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
