package io.agentledger.query.cost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import io.agentledger.api.cost.CostHistogramView;
import io.agentledger.api.cost.CostHistogramView.Bucket;
import io.agentledger.api.cost.CostQuery;
import io.agentledger.api.cost.CostQuery.CostFilter;
import io.agentledger.api.cost.CostQuery.CostUnit;
import io.agentledger.api.cost.CostQuery.FindCostHistogram;
import io.agentledger.api.cost.CostQuery.GroupBy;
import io.agentledger.api.cost.CostQuery.ListCosts;
import io.agentledger.api.cost.CostView;
import io.agentledger.api.flow.FlowId;
import io.agentledger.api.identity.Caller;
import io.agentledger.api.identity.Role;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.session.Budget;
import io.agentledger.api.session.RunId;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.SessionOrigin;
import io.agentledger.api.session.event.OutputEvent.PriceSource;
import io.agentledger.api.shared.Money;
import io.agentledger.api.shared.Page;
import io.agentledger.api.shared.PageRequest;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.api.task.ExecutionCommand.TaskRef;
import io.agentledger.api.task.ExecutionEvent.ExecutionQueued;
import io.agentledger.api.task.ExecutionId;
import io.agentledger.api.task.ExecutionOptions;
import io.agentledger.api.task.ExecutionPrincipal;
import io.agentledger.api.task.ExecutionTrigger;
import io.agentledger.api.task.TaskId;
import io.agentledger.projection.SessionEventFixture;
import io.agentledger.projection.support.ProjectionCommitSignal;
import io.agentledger.query.QueryTestSupport;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.axonframework.config.EventProcessingConfiguration;
import org.axonframework.eventhandling.GenericDomainEventMessage;
import org.axonframework.eventhandling.StreamingEventProcessor;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

class CostQueryHandlerIT extends QueryTestSupport {
  @Autowired private EventProcessingConfiguration processing;
  private SessionEventFixture fixture;

  private static CostFilter filterOf(SessionId session) {
    return CostFilter.ALL.withSession(session);
  }

  private static ListCosts costs(GroupBy by, CostFilter costFilter) {
    return new ListCosts(TENANT, by, costFilter, first(500));
  }

  @BeforeEach
  void tell() {
    fixture = newSession().completeSession();
    fixture.turnCompleted(RunId.next(), new PriceSource.Unknown());
  }

  private CostView soleCost(GroupBy by, CostFilter costFilter) {
    var items = this.<CostView>page(costs(by, costFilter)).items();
    assertThat(items).hasSize(1);
    return items.getFirst();
  }

  @Test
  void costsContainTheRunsThatHaveJustEnded() {
    fixture.turnCompleted(RunId.next(), new PriceSource.Unknown());
    assertThat(histogram(CostUnit.RUN, filterOf(fixture.id)).count()).isEqualTo(3);
    fixture.turnCompleted(RunId.next(), new PriceSource.Unknown());
    assertThat(page(costs(GroupBy.RUN, filterOf(fixture.id))).items()).hasSize(4);
  }

  @Test
  void projectionOfAnotherNodeIsNotAwaited() {
    var projection =
        processing
            .eventProcessorByProcessingGroup("cost", StreamingEventProcessor.class)
            .orElseThrow();
    projection.releaseSegment(0);
    await().until(() -> projection.processingStatus().isEmpty());
    fixture.turnCompleted(RunId.next(), new PriceSource.Unknown());
    assertTimeout(
        ProjectionCommitSignal.TIMEOUT.dividedBy(2),
        () -> page(costs(GroupBy.RUN, filterOf(fixture.id))));
    assertThat(projection.claimSegment(0)).succeedsWithin(Duration.ofSeconds(10));
  }

  @Test
  void sessionCostIsTheSumOfItsRuns() {
    var session = soleCost(GroupBy.SESSION, filterOf(fixture.id));
    assertThat(session.key()).isEqualTo(fixture.id.value());
    assertThat(session.costUsd())
        .isEqualTo(SessionEventFixture.COST.plus(SessionEventFixture.COST));
    assertThat(session.usage())
        .isEqualTo(SessionEventFixture.USAGE.plus(SessionEventFixture.USAGE));
    assertThat(session.turns()).isEqualTo(2);
    assertThat(session.models()).hasSize(1);
    assertThat(session.models().getFirst().model()).isEqualTo("claude-sonnet-4-5");
  }

  @Test
  void estimatedPriceIsMarked() {
    assertThat(soleCost(GroupBy.SESSION, filterOf(fixture.id)).costKnown()).isFalse();
    assertThat(this.<CostView>page(costs(GroupBy.RUN, filterOf(fixture.id))).items())
        .extracting(CostView::costKnown)
        .containsExactlyInAnyOrder(true, false);
  }

  @Test
  void daysUsersAgentsAndModelsHaveTheSameTotal() {
    var today = LocalDate.now(ZoneOffset.UTC);
    assertThat(soleCost(GroupBy.TASK, filterOf(fixture.id)).key()).isEqualTo(GroupBy.NO_TASK);
    for (var by : GroupBy.values()) {
      var sum =
          this.<CostView>page(costs(by, filterOf(fixture.id))).items().stream()
              .mapToLong(cost -> cost.costUsd().nanos())
              .sum();
      assertThat(sum).as(by.name()).isEqualTo(2 * SessionEventFixture.COST.nanos());
    }
    assertThat(soleCost(GroupBy.DAY, filterOf(fixture.id).withDays(today, today)).key())
        .isEqualTo(today.toString());
    assertThat(
            page(costs(GroupBy.DAY, filterOf(fixture.id).withDays(null, today.minusDays(1))))
                .items())
        .isEmpty();
  }

  @Test
  void executionsAndTheirTaskHaveTheSameTotal() {
    var execution = ExecutionId.next();
    var opened = newSession().opened("t", new SessionOrigin.Task(execution.value()));
    opened.turnCompleted(RunId.next(), new PriceSource.Unknown());
    var filter = filterOf(opened.id);
    await()
        .untilAsserted(
            () ->
                assertThat(soleCost(GroupBy.EXECUTION, filter).key()).isEqualTo(execution.value()));
    var ofExecution = new CostFilter(null, null, null, null, null, execution, null, null, null);
    assertThat(soleCost(GroupBy.DAY, ofExecution).costUsd()).isEqualTo(SessionEventFixture.COST);
    assertThat(histogram(CostUnit.EXECUTION, filter).count()).isOne();
    assertThat(histogram(CostUnit.EXECUTION, filterOf(fixture.id)).count()).isZero();
  }

  @Test
  void flowHasTheCostsOfItsExecutionsAndOfThoseBelow() {
    var flow = FlowId.next();
    var child = ExecutionId.next();
    var work = flow.workExecution();
    var session = work.sessionOf(1);
    queue(work, new ExecutionTrigger.Flow(flow));
    queue(child, new ExecutionTrigger.Agent(session, List.of(work), 1, new Budget.Unlimited()));
    for (var execution : List.of(work, child)) {
      var opened = newSession().opened("t", new SessionOrigin.Task(execution.value()));
      opened.turnCompleted(RunId.next(), new PriceSource.Unknown());
    }
    var ofFlow = new CostFilter(null, null, null, null, null, null, flow, null, null);
    var both = SessionEventFixture.COST.plus(SessionEventFixture.COST);
    await()
        .untilAsserted(
            () -> {
              var cost = soleCost(GroupBy.FLOW, ofFlow);
              assertThat(cost.key()).isEqualTo(flow.value());
              assertThat(cost.costUsd()).isEqualTo(both);
            });
    assertThat(this.<CostView>page(costs(GroupBy.EXECUTION, ofFlow)).items())
        .extracting(CostView::key)
        .containsExactlyInAnyOrder(work.value(), child.value());
    assertThat(histogram(CostUnit.FLOW, ofFlow).maxUsd()).isEqualTo(both);
    assertThat(soleCost(GroupBy.FLOW, filterOf(fixture.id)).key()).isEqualTo(GroupBy.NO_TASK);
  }

  private void queue(ExecutionId execution, ExecutionTrigger trigger) {
    var queued =
        new ExecutionQueued(
            execution,
            new TaskRef(TaskId.next(), 1, "one"),
            new ExecutionPrincipal(OWNER, Set.of(), false),
            trigger,
            new ExecutionOptions(5, Duration.ofMinutes(10), 2, Duration.ofSeconds(10)),
            sealer.seal(execution, ExecutionQueued.class, "request", "{}"));
    append(
        List.of(
            new GenericDomainEventMessage<>("Execution", execution.value(), 0, queued)
                .withMetaData(provenance())));
  }

  private CostHistogramView histogram(CostUnit unit, CostFilter filter) {
    return query(new FindCostHistogram(TENANT, unit, filter), CostHistogramView.class);
  }

  @Test
  void histogramCountsUnitsUpToTheLimitOfTheirBucket() {
    var runs = histogram(CostUnit.RUN, filterOf(fixture.id));
    assertThat(runs.count()).isEqualTo(2);
    assertThat(runs.totalUsd()).isEqualTo(Money.ofUsd("0.0246"));
    assertThat(runs.p50Usd()).isEqualTo(SessionEventFixture.COST);
    assertThat(runs.maxUsd()).isEqualTo(SessionEventFixture.COST);
    assertThat(runs.buckets())
        .filteredOn(bucket -> bucket.count() > 0)
        .containsExactly(new Bucket(Money.ofUsd("0.02"), 2, Money.ofUsd("0.0246")));
    assertThat(runs.buckets().getLast().upToUsd()).isNull();
    var session = histogram(CostUnit.SESSION, filterOf(fixture.id));
    assertThat(session.count()).isOne();
    assertThat(session.meanUsd()).isEqualTo(Money.ofUsd("0.0246"));
    var today = LocalDate.now(ZoneOffset.UTC);
    assertThat(runs.to()).isEqualTo(today);
    assertThat(runs.from()).isEqualTo(today.minusDays(CostQuery.HISTOGRAM_DAYS));
    var before = filterOf(fixture.id).withDays(null, today.minusDays(1));
    assertThat(histogram(CostUnit.RUN, before).count()).isZero();
    assertThat(histogram(CostUnit.RUN, before).p95Usd()).isEqualTo(Money.ZERO);
  }

  @Test
  void histogramOfAnotherUserIsEmptyForMembers() {
    var member = Caller.ofUser(TENANT, UserId.next(), ADA.credential(), Role.MEMBER);
    for (var filter : List.of(filterOf(fixture.id), CostFilter.ALL.withUser(fixture.owner)))
      assertThat(
              query(
                      new FindCostHistogram(TENANT, CostUnit.RUN, filter),
                      member,
                      CostHistogramView.class)
                  .count())
          .isZero();
  }

  @Test
  void pagesTogetherAreComplete() {
    for (int i = 0; i < 5; i++) newSession().completeSession();
    var keys = new HashSet<String>();
    String cursor = null;
    int pages = 0;
    do {
      Page<CostView> page =
          page(new ListCosts(TENANT, GroupBy.RUN, CostFilter.ALL, new PageRequest(2, cursor)));
      page.items().forEach(item -> assertThat(keys.add(item.key())).isTrue());
      cursor = page.nextCursor();
      pages++;
    } while (cursor != null);
    assertThat(pages).isGreaterThan(1);
    var foreign =
        this.<CostView>page(new ListCosts(TENANT, GroupBy.RUN, CostFilter.ALL, first(1)))
            .nextCursor();
    assertThatThrownBy(
            () ->
                page(
                    new ListCosts(
                        TENANT, GroupBy.DAY, CostFilter.ALL, new PageRequest(1, foreign))))
        .isInstanceOf(RejectionException.class);
  }

  @Test
  void membersSeeTheirOwnCostAndAuditorsAll() {
    var member = Caller.ofUser(TENANT, UserId.next(), ADA.credential(), Role.MEMBER);
    assertThat(query(costs(GroupBy.SESSION, filterOf(fixture.id)), member, Page.class).items())
        .isEmpty();
    var named = CostFilter.ALL.withUser(UserId.next());
    assertThat(query(costs(GroupBy.DAY, named), member, Page.class).items()).isEmpty();
    var auditor = Caller.ofUser(TENANT, UserId.next(), ADA.credential(), Role.AUDITOR);
    assertThat(query(costs(GroupBy.SESSION, filterOf(fixture.id)), auditor, Page.class).items())
        .hasSize(1);
  }

  @Test
  void anotherTenantSeesNothing() {
    assertThat(page(new ListCosts(TenantId.next(), GroupBy.DAY, CostFilter.ALL, first(10))).items())
        .isEmpty();
  }
}
