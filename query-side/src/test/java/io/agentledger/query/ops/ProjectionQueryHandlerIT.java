package io.agentledger.query.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.agentledger.api.audit.AuditFilter;
import io.agentledger.api.audit.AuditQuery.ListAudit;
import io.agentledger.api.cost.CostQuery.CostFilter;
import io.agentledger.api.cost.CostQuery.CostUnit;
import io.agentledger.api.cost.CostQuery.FindCostHistogram;
import io.agentledger.api.cost.CostQuery.GroupBy;
import io.agentledger.api.cost.CostQuery.ListCosts;
import io.agentledger.api.ops.DeadLetterView;
import io.agentledger.api.ops.OpsCommand.ReplayProjection;
import io.agentledger.api.ops.OpsQuery.FindProjectionRebuild;
import io.agentledger.api.ops.OpsQuery.GetStatistics;
import io.agentledger.api.ops.OpsQuery.ListDeadLetters;
import io.agentledger.api.ops.OpsQuery.ListProjections;
import io.agentledger.api.ops.ProjectionRebuildView;
import io.agentledger.api.ops.ProjectionView;
import io.agentledger.api.quota.QuotaQuery.FindUsage;
import io.agentledger.api.session.ToolCallId;
import io.agentledger.api.session.query.SearchFilter;
import io.agentledger.api.session.query.SessionFilter;
import io.agentledger.api.session.query.SessionQuery.FindSession;
import io.agentledger.api.session.query.SessionQuery.ListSessions;
import io.agentledger.api.session.query.SessionQuery.SearchTranscripts;
import io.agentledger.api.session.query.SessionView;
import io.agentledger.api.shared.OpsRejection;
import io.agentledger.api.shared.PageRequest;
import io.agentledger.api.shared.Rejection;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.query.QueryTestSupport;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.axonframework.commandhandling.GenericCommandMessage;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.axonframework.common.transaction.TransactionManager;
import org.axonframework.config.EventProcessingConfiguration;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.StreamingEventProcessor;
import org.axonframework.messaging.responsetypes.ResponseTypes;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

class ProjectionQueryHandlerIT extends QueryTestSupport {
  @Autowired CommandGateway commands;
  @Autowired EventProcessingConfiguration processing;
  @Autowired TransactionManager transactions;

  private ProjectionView session() {
    List<ProjectionView> all =
        queries
            .query(
                queryMessage(new ListProjections()),
                ResponseTypes.multipleInstancesOf(ProjectionView.class))
            .join();
    return all.stream().filter(view -> view.name().equals("session")).findFirst().orElseThrow();
  }

  @Test
  void projectionsShowTheirPositions() {
    newSession().completeSession();
    awaitHead();
    var view = session();
    assertThat(view.position()).isEqualTo(view.head()).isNotNegative();
    assertThat(view.running()).isTrue();
    assertThat(view.replaying()).isFalse();
  }

  @Test
  void queriesAreAnsweredDuringAReplay() {
    var events = new ArrayList<EventMessage<?>>();
    for (int i = 0; i < 300; i++) newSession(events).completeSession();
    append(events);
    var last = newSession().completeSession();
    awaitSeen(last);
    commands.sendAndWait(
        GenericCommandMessage.asCommandMessage(new ReplayProjection("session", null)));
    do {
      assertThat(isListedOrToldToComeBack(last.id)).isTrue();
      assertThat(foundOrToldToComeBack(last.id)).isTrue();
    } while (session().replaying());
    awaitHead();
    assertThat(query(new FindSession(TENANT, last.id), SessionView.class).sequence()).isEqualTo(12);
  }

  /** No repository guards these. */
  @Test
  void queriesThatReadByStatementsAreRejectedWhileTheirProjectionIsReplayed() {
    var session = newSession().completeSession();
    awaitSeen(session);
    var text = new SearchFilter("hello", session.id, null, null, null, null, null, null, null);
    var today = LocalDate.now(ZoneOffset.UTC);
    assertRejectedDuringReplay("audit", new ListAudit(TENANT, AuditFilter.ALL, first(5)));
    assertRejectedDuringReplay(
        "cost", new FindCostHistogram(TENANT, CostUnit.SESSION, CostFilter.ALL));
    assertRejectedDuringReplay(
        "cost", new ListCosts(TENANT, GroupBy.DAY, CostFilter.ALL, first(5)));
    assertRejectedDuringReplay("quota", new FindUsage(TENANT));
    assertRejectedDuringReplay("task", new FindUsage(TENANT));
    assertRejectedDuringReplay("search", new SearchTranscripts(TENANT, text, first(5)));
    assertRejectedDuringReplay("session", new SearchTranscripts(TENANT, text, first(5)));
    assertRejectedDuringReplay("session", new GetStatistics(TENANT, today, today));
  }

  private void assertRejectedDuringReplay(String projection, Object query) {
    var processor =
        processing.eventProcessor(projection, StreamingEventProcessor.class).orElseThrow();
    processor.shutDown();
    try {
      transactions.executeInTransaction(processor::resetTokens);
      assertThatThrownBy(() -> query(query, Object.class))
          .as("%s", query)
          .isInstanceOfSatisfying(
              RejectionException.class,
              e ->
                  assertThat(e.rejection())
                      .isEqualTo(new OpsRejection.ProjectionRebuilding(projection)));
    } finally {
      processor.start();
    }
    await()
        .atMost(Duration.ofSeconds(60))
        .until(
            () ->
                projections.state(projection).running()
                    && !projections.isReplaying(projection)
                    && projections.isHere(projection));
  }

  private boolean isListedOrToldToComeBack(io.agentledger.api.session.SessionId id) {
    try {
      return this.<SessionView>page(new ListSessions(TENANT, SessionFilter.NONE, first(50)))
          .items()
          .stream()
          .anyMatch(session -> session.id().equals(id));
    } catch (RejectionException e) {
      return e.rejection().equals(new OpsRejection.ProjectionRebuilding("session"));
    }
  }

  private boolean foundOrToldToComeBack(io.agentledger.api.session.SessionId id) {
    try {
      return query(new FindSession(TENANT, id), SessionView.class).id().equals(id);
    } catch (RejectionException e) {
      return e.rejection().equals(new OpsRejection.ProjectionRebuilding("session"));
    }
  }

  @Test
  void deadLettersAreListedPageByPage() {
    var fixture = newSession().opened("t");
    var run = fixture.issueQuery("one");
    fixture
        .toolReturned(run, ToolCallId.next())
        .messageReceived(run, "a")
        .messageReceived(run, "b");
    await().until(() -> session().deadLetters() >= 3);

    var read = new ArrayList<DeadLetterView>();
    String cursor = null;
    do {
      var page =
          this.<DeadLetterView>page(new ListDeadLetters("session", new PageRequest(1, cursor)));
      read.addAll(page.items());
      cursor = page.nextCursor();
    } while (cursor != null);
    assertThat(read)
        .filteredOn(letter -> letter.sequence().equals(fixture.id.value()))
        .extracting(DeadLetterView::event)
        .containsExactlyInAnyOrder("ToolReturned", "MessageReceived", "MessageReceived");
    assertThat(read).extracting(DeadLetterView::id).doesNotHaveDuplicates();

    long before = System.nanoTime();
    assertThat(query(new FindSession(TENANT, fixture.id), SessionView.class).sequence())
        .isEqualTo(2);
    assertThat(System.nanoTime() - before).isLessThan(2_000_000_000L); // No reader waits for it.
  }

  @Test
  void rebuildThatWasNeverStartedIsNotFound() {
    assertThatThrownBy(() -> query(new FindProjectionRebuild("vault"), ProjectionRebuildView.class))
        .isInstanceOfSatisfying(
            RejectionException.class,
            e ->
                assertThat(e.rejection().message())
                    .isEqualTo(
                        "No rebuild of the projection vault was started yet; POST"
                            + " /admin/projections/vault/rebuild starts one."));
  }

  @Test
  void deadLettersOfAnUnknownProjectionAreNotFound() {
    assertThatThrownBy(() -> page(new ListDeadLetters("nothing", first(1))))
        .isInstanceOfSatisfying(
            RejectionException.class,
            e ->
                assertThat(e.rejection())
                    .isEqualTo(new Rejection.NotFound("projection", "nothing")));
  }
}
