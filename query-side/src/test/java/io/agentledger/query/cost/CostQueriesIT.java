package io.agentledger.query.cost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.agentledger.api.cost.CostQuery.By;
import io.agentledger.api.cost.CostQuery.ListCosts;
import io.agentledger.api.cost.CostQuery.Only;
import io.agentledger.api.cost.CostView;
import io.agentledger.api.identity.Caller;
import io.agentledger.api.identity.Role;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.session.OutputEvent.Priced;
import io.agentledger.api.session.RunId;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.shared.Page;
import io.agentledger.api.shared.PageRequest;
import io.agentledger.api.shared.Rejected;
import io.agentledger.projection.Story;
import io.agentledger.query.QueryHouse;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HashSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CostQueriesIT extends QueryHouse {
  private static final Only ALL = new Only(null, null, null, null, null, null);
  private Story story;

  private static Only of(SessionId session) {
    return new Only(null, null, null, null, session, null);
  }

  private static ListCosts costs(By by, Only only) {
    return new ListCosts(TENANT, by, only, first(500));
  }

  @BeforeEach
  void tell() {
    story = story().whole();
    story.turn(RunId.next(), new Priced.Unknown());
    await()
        .untilAsserted(
            () -> assertThat(this.<CostView>page(costs(By.RUN, of(story.id))).items()).hasSize(2));
  }

  private CostView only(By by, Only only) {
    var items = this.<CostView>page(costs(by, only)).items();
    assertThat(items).hasSize(1);
    return items.getFirst();
  }

  @Test
  void aSessionIsTheSumOfItsRuns() {
    var session = only(By.SESSION, of(story.id));
    assertThat(session.key()).isEqualTo(story.id.value());
    assertThat(session.costUsd()).isEqualTo(Story.COST.plus(Story.COST));
    assertThat(session.usage()).isEqualTo(Story.USAGE.plus(Story.USAGE));
    assertThat(session.turns()).isEqualTo(2);
    assertThat(session.models()).hasSize(1);
    assertThat(session.models().getFirst().model()).isEqualTo("claude-sonnet-4-5");
  }

  @Test
  void aGuessedPriceIsNotHidden() {
    assertThat(only(By.SESSION, of(story.id)).priced()).isFalse();
    assertThat(this.<CostView>page(costs(By.RUN, of(story.id))).items())
        .extracting(CostView::priced)
        .containsExactlyInAnyOrder(true, false);
  }

  @Test
  void daysPeopleAgentsAndModelsAddUpToTheSame() {
    var today = LocalDate.now(ZoneOffset.UTC);
    for (var by : By.values()) {
      var sum =
          this.<CostView>page(costs(by, of(story.id))).items().stream()
              .mapToLong(cost -> cost.costUsd().nanos())
              .sum();
      assertThat(sum).as(by.name()).isEqualTo(2 * Story.COST.nanos());
    }
    assertThat(only(By.DAY, new Only(today, today, null, null, story.id, null)).key())
        .isEqualTo(today.toString());
    assertThat(
            page(costs(By.DAY, new Only(null, today.minusDays(1), null, null, story.id, null)))
                .items())
        .isEmpty();
  }

  @Test
  void thePagesTogetherAreTheWhole() {
    for (int i = 0; i < 5; i++) story().whole();
    var keys = new HashSet<String>();
    String cursor = null;
    int pages = 0;
    do {
      Page<CostView> page = page(new ListCosts(TENANT, By.RUN, ALL, new PageRequest(2, cursor)));
      page.items().forEach(item -> assertThat(keys.add(item.key())).isTrue());
      cursor = page.next();
      pages++;
    } while (cursor != null);
    assertThat(pages).isGreaterThan(1);
    var foreign = this.<CostView>page(new ListCosts(TENANT, By.RUN, ALL, first(1))).next();
    assertThatThrownBy(() -> page(new ListCosts(TENANT, By.DAY, ALL, new PageRequest(1, foreign))))
        .isInstanceOf(Rejected.class);
  }

  @Test
  void membersSeeTheirOwnAndAuditorsAll() {
    var member = Caller.person(TENANT, UserId.next(), ADA.credential(), Role.MEMBER);
    assertThat(ask(costs(By.SESSION, of(story.id)), member, Page.class).items()).isEmpty();
    var named = new Only(null, null, UserId.next(), null, null, null);
    assertThat(ask(costs(By.DAY, named), member, Page.class).items()).isEmpty();
    var auditor = Caller.person(TENANT, UserId.next(), ADA.credential(), Role.AUDITOR);
    assertThat(ask(costs(By.SESSION, of(story.id)), auditor, Page.class).items()).hasSize(1);
  }

  @Test
  void anotherTenantSeesNothing() {
    assertThat(page(new ListCosts(TenantId.next(), By.DAY, ALL, first(10))).items()).isEmpty();
  }
}
