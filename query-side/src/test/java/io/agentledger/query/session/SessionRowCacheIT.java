package io.agentledger.query.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentledger.api.identity.Caller;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.session.Activity;
import io.agentledger.api.session.Budget;
import io.agentledger.api.session.PermissionMode;
import io.agentledger.api.session.QueryId;
import io.agentledger.api.session.RunId;
import io.agentledger.api.session.event.LifecycleEvent.BudgetSet;
import io.agentledger.api.session.event.LifecycleEvent.ModelSet;
import io.agentledger.api.session.event.LifecycleEvent.PermissionModeSet;
import io.agentledger.api.session.event.LifecycleEvent.SessionArchived;
import io.agentledger.api.session.event.LifecycleEvent.SessionPaused;
import io.agentledger.api.session.event.LifecycleEvent.SessionRenamed;
import io.agentledger.api.session.event.LifecycleEvent.SessionRestored;
import io.agentledger.api.session.event.LifecycleEvent.SessionTagged;
import io.agentledger.api.session.event.LifecycleEvent.SessionTransferred;
import io.agentledger.api.session.event.LifecycleEvent.SessionUnpaused;
import io.agentledger.api.shared.Money;
import io.agentledger.projection.SessionEventFixture;
import io.agentledger.query.QueryTestSupport;
import java.util.List;
import org.axonframework.eventsourcing.eventstore.EventStore;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;

/** A session in memory, to which its events were applied, is the row that the projection writes. */
class SessionRowCacheIT extends QueryTestSupport {
  @Autowired
  @Qualifier("eventStore")
  EventStore store;

  @Test
  void rowInMemoryIsThatOfTheProjection() {
    var fixture = newSession().completeSession();
    assertSame(fixture);
    var id = fixture.id;
    fixture
        .append(new SessionTagged(id, List.of("one", "two")))
        .append(new SessionRenamed(id, fixture.seal(SessionRenamed.class, "title", "New")))
        .append(new BudgetSet(id, new Budget.Limited(Money.ofUsd("7"))))
        .append(new PermissionModeSet(id, PermissionMode.PLAN))
        .append(new ModelSet(id, "opus"));
    assertSame(fixture);
    var run = RunId.next();
    fixture.queued(run, QueryId.next(), "Later");
    fixture.issueQuery("Now");
    fixture.activity(Activity.RUNNING).started(run, QueryId.next(), 1);
    assertSame(fixture);
    fixture
        .append(new SessionPaused(id))
        .append(new SessionUnpaused(id))
        .append(new SessionArchived(id))
        .append(new SessionRestored(id))
        .append(new SessionTransferred(id, fixture.owner, UserId.next()));
    assertSame(fixture);
  }

  private void assertSame(SessionEventFixture fixture) {
    awaitSeen(fixture);
    var cache = new SessionRowCache(1);
    store.readEvents(fixture.id.value()).asStream().forEach(cache::afterCommit);
    var projected = sessions.findById(fixture.id.value()).orElseThrow();
    var owner = Caller.localOwner(TENANT, new UserId(projected.owner()), ADA.credential());
    assertThat(cache.findRow(owner, fixture.id.value()).orElseThrow())
        .usingRecursiveComparison()
        .isEqualTo(projected);
  }
}
