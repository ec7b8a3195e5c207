package io.agentledger.query.cost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.agentledger.api.cost.CostQuery.CostFilter;
import io.agentledger.api.cost.CostQuery.GroupBy;
import io.agentledger.api.cost.CostQuery.ListCosts;
import io.agentledger.api.cost.CostView;
import io.agentledger.api.identity.Caller;
import io.agentledger.api.identity.Role;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.session.RunId;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.event.OutputEvent.PriceSource;
import io.agentledger.api.shared.Page;
import io.agentledger.api.shared.PageRequest;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.projection.SessionEventFixture;
import io.agentledger.query.QueryTestSupport;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HashSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CostQueryHandlerIT extends QueryTestSupport {
  private static final CostFilter ALL = new CostFilter(null, null, null, null, null, null);
  private SessionEventFixture fixture;

  private static CostFilter filterOf(SessionId session) {
    return new CostFilter(null, null, null, null, session, null);
  }

  private static ListCosts costs(GroupBy by, CostFilter costFilter) {
    return new ListCosts(TENANT, by, costFilter, first(500));
  }

  @BeforeEach
  void tell() {
    fixture = newSession().completeSession();
    fixture.turnCompleted(RunId.next(), new PriceSource.Unknown());
    await()
        .untilAsserted(
            () ->
                assertThat(this.<CostView>page(costs(GroupBy.RUN, filterOf(fixture.id))).items())
                    .hasSize(2));
  }

  private CostView soleCost(GroupBy by, CostFilter costFilter) {
    var items = this.<CostView>page(costs(by, costFilter)).items();
    assertThat(items).hasSize(1);
    return items.getFirst();
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
    assertThat(
            soleCost(GroupBy.DAY, new CostFilter(today, today, null, null, fixture.id, null)).key())
        .isEqualTo(today.toString());
    assertThat(
            page(costs(
                    GroupBy.DAY,
                    new CostFilter(null, today.minusDays(1), null, null, fixture.id, null)))
                .items())
        .isEmpty();
  }

  @Test
  void pagesTogetherAreComplete() {
    for (int i = 0; i < 5; i++) newSession().completeSession();
    var keys = new HashSet<String>();
    String cursor = null;
    int pages = 0;
    do {
      Page<CostView> page =
          page(new ListCosts(TENANT, GroupBy.RUN, ALL, new PageRequest(2, cursor)));
      page.items().forEach(item -> assertThat(keys.add(item.key())).isTrue());
      cursor = page.nextCursor();
      pages++;
    } while (cursor != null);
    assertThat(pages).isGreaterThan(1);
    var foreign =
        this.<CostView>page(new ListCosts(TENANT, GroupBy.RUN, ALL, first(1))).nextCursor();
    assertThatThrownBy(
            () -> page(new ListCosts(TENANT, GroupBy.DAY, ALL, new PageRequest(1, foreign))))
        .isInstanceOf(RejectionException.class);
  }

  @Test
  void membersSeeTheirOwnCostAndAuditorsAll() {
    var member = Caller.ofUser(TENANT, UserId.next(), ADA.credential(), Role.MEMBER);
    assertThat(query(costs(GroupBy.SESSION, filterOf(fixture.id)), member, Page.class).items())
        .isEmpty();
    var named = new CostFilter(null, null, UserId.next(), null, null, null);
    assertThat(query(costs(GroupBy.DAY, named), member, Page.class).items()).isEmpty();
    var auditor = Caller.ofUser(TENANT, UserId.next(), ADA.credential(), Role.AUDITOR);
    assertThat(query(costs(GroupBy.SESSION, filterOf(fixture.id)), auditor, Page.class).items())
        .hasSize(1);
  }

  @Test
  void anotherTenantSeesNothing() {
    assertThat(page(new ListCosts(TenantId.next(), GroupBy.DAY, ALL, first(10))).items()).isEmpty();
  }
}
