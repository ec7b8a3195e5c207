package io.agentledger.query.environment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentledger.api.content.Content;
import io.agentledger.api.environment.EnvironmentDefinition;
import io.agentledger.api.environment.EnvironmentEvent;
import io.agentledger.api.environment.EnvironmentEvent.DefaultEnvironmentChanged;
import io.agentledger.api.environment.EnvironmentEvent.DefaultEnvironmentCreated;
import io.agentledger.api.environment.EnvironmentEvent.EnvironmentArchived;
import io.agentledger.api.environment.EnvironmentEvent.EnvironmentChanged;
import io.agentledger.api.environment.EnvironmentEvent.EnvironmentCreated;
import io.agentledger.api.environment.EnvironmentEvent.EnvironmentDeleted;
import io.agentledger.api.environment.EnvironmentEvent.EnvironmentRestored;
import io.agentledger.api.environment.EnvironmentId;
import io.agentledger.api.environment.EnvironmentQuery.FindEnvironment;
import io.agentledger.api.environment.EnvironmentQuery.ListEnvironmentVersions;
import io.agentledger.api.environment.EnvironmentQuery.ListEnvironments;
import io.agentledger.api.environment.EnvironmentSnapshot.Network;
import io.agentledger.api.environment.EnvironmentVersionView;
import io.agentledger.api.environment.EnvironmentView;
import io.agentledger.api.environment.EnvironmentView.LimitsView;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.shared.Page;
import io.agentledger.api.shared.PageRequest;
import io.agentledger.api.shared.Rejection;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.projection.support.ProjectionCommitSignal;
import io.agentledger.query.QueryTestSupport;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.axonframework.eventhandling.GenericDomainEventMessage;
import org.junit.jupiter.api.Test;

/** Queries about environments, on the read models in a real PostgreSQL. */
class EnvironmentQueryHandlerIT extends QueryTestSupport {
  private static final EnvironmentDefinition DEFINITION =
      new EnvironmentDefinition(
          new Network.Limited(List.of("*.example.com")),
          new io.agentledger.api.environment.EnvironmentSnapshot.Limits(1024, 0, 64),
          List.of("TZ"),
          List.of());

  private final Map<EnvironmentId, Long> numbers = new HashMap<>();

  private EnvironmentId created(String name) {
    var id = EnvironmentId.next();
    var notes =
        sealer.seal(
            id,
            EnvironmentCreated.class,
            "notes",
            "{\"description\":\"for builds\",\"metadata\":{\"team\":\"red\"}}");
    append(new EnvironmentCreated(id, name, DEFINITION, notes));
    return id;
  }

  private void append(EnvironmentEvent event) {
    long number = numbers.merge(event.environmentId(), 0L, (was, first) -> was + 1);
    append(
        List.of(
            new GenericDomainEventMessage<>(
                    "Environment", event.environmentId().value(), number, event)
                .withMetaData(provenance())));
  }

  private EnvironmentView view(EnvironmentId id) {
    return query(new FindEnvironment(TENANT, id), EnvironmentView.class);
  }

  private static EnvironmentChanged changed(EnvironmentId id) {
    return new EnvironmentChanged(id, 2, "other", EnvironmentDefinition.DEFAULT, Content.ABSENT);
  }

  @Test
  void writerReadsTheCurrentVersionImmediately() {
    var id = created("build");
    var first = view(id);
    assertThat(first.description()).isEqualTo("for builds");
    assertThat(first.metadata()).containsExactly(Map.entry("team", "red"));
    assertThat(first.limits()).isEqualTo(new LimitsView(1024L, null, 64L));
    assertThat(first.network()).isEqualTo(DEFINITION.network());
    assertThat(first.variables()).containsExactly("TZ");
    assertThat(first.version()).isEqualTo(1);
    append(changed(id));
    var second = view(id);
    assertThat(second.name()).isEqualTo("other");
    assertThat(second.description()).isNull();
    assertThat(second.metadata()).isEmpty();
    assertThat(second.limits()).isEqualTo(new LimitsView(null, null, null));
    assertThat(second.version()).isEqualTo(2);
    assertThat(second.createdAt()).isEqualTo(first.createdAt());
  }

  @Test
  void highestChoiceIsTheDefaultInAnyEventOrder() {
    var established = EnvironmentId.next();
    append(new DefaultEnvironmentCreated(established, "local", EnvironmentDefinition.DEFAULT));
    var environmentId = created("one");
    var two = created("two");
    append(new DefaultEnvironmentChanged(two, 900));
    append(new DefaultEnvironmentChanged(environmentId, 899));
    assertThat(view(environmentId).isDefault()).isFalse();
    assertThat(view(two).isDefault()).isTrue();
    assertThat(view(established).isDefault()).isFalse();
    append(new DefaultEnvironmentChanged(environmentId, 901));
    assertThat(view(environmentId).isDefault()).isTrue();
    assertThat(view(two).isDefault()).isFalse();
  }

  @Test
  void versionsAreListedNewestFirst() {
    var id = created("build");
    append(changed(id));
    append(new EnvironmentArchived(id));
    append(new EnvironmentRestored(id));
    view(id); // Until the projection has processed it.
    Page<EnvironmentVersionView> page = page(new ListEnvironmentVersions(TENANT, id, first(3)));
    assertThat(page.items())
        .extracting(one -> one.event() + " " + one.version() + " " + one.archived())
        .containsExactly(
            "EnvironmentRestored 2 false",
            "EnvironmentArchived 2 true",
            "EnvironmentChanged 2 false");
    Page<EnvironmentVersionView> rest =
        page(new ListEnvironmentVersions(TENANT, id, new PageRequest(3, page.nextCursor())));
    assertThat(rest.nextCursor()).isNull();
    assertThat(rest.items()).hasSize(1);
    assertThat(rest.items().getFirst().description()).isEqualTo("for builds");
    assertThat(rest.items().getFirst().network()).isEqualTo(DEFINITION.network());
  }

  @Test
  void pagesAreBoundedJoinAndOmitArchived() {
    var newest = List.of(created("a"), created("b"), created("c")).reversed();
    append(new EnvironmentArchived(newest.getLast()));
    view(newest.getLast());
    Page<EnvironmentView> page = page(new ListEnvironments(TENANT, true, first(2)));
    assertThat(page.items()).extracting(EnvironmentView::id).isEqualTo(newest.subList(0, 2));
    Page<EnvironmentView> rest =
        page(new ListEnvironments(TENANT, true, new PageRequest(1, page.nextCursor())));
    assertThat(rest.items().getFirst().id()).isEqualTo(newest.getLast());
    assertThat(rest.items().getFirst().archivedAt()).isNotNull();
    assertThat(this.<EnvironmentView>page(new ListEnvironments(TENANT, false, first(500))).items())
        .extracting(EnvironmentView::id)
        .contains(newest.getFirst())
        .doesNotContain(newest.getLast());
    var other = new ListEnvironments(TENANT, false, new PageRequest(1, page.nextCursor()));
    assertRejected(new Rejection.InvalidCursor(), () -> page(other));
  }

  @Test
  void deletedAndOtherTenantsEnvironmentsAreNotFound() {
    var ours = created("ours");
    view(ours);
    var otherTenant = TenantId.next();
    long before = System.nanoTime();
    var none = new Rejection.NotFound("environment", ours.value());
    assertRejected(
        none, () -> query(new FindEnvironment(otherTenant, ours), EnvironmentView.class));
    assertRejected(none, () -> page(new ListEnvironmentVersions(otherTenant, ours, first(10))));
    assertThat(Duration.ofNanos(System.nanoTime() - before))
        .as("the response time would disclose that it exists")
        .isLessThan(ProjectionCommitSignal.TIMEOUT);
    assertThat(page(new ListEnvironments(otherTenant, true, first(10))).items()).isEmpty();
    append(new EnvironmentDeleted(ours));
    assertRejected(none, () -> view(ours));
    assertThat(this.<EnvironmentView>page(new ListEnvironments(TENANT, true, first(500))).items())
        .extracting(EnvironmentView::id)
        .doesNotContain(ours);
  }

  private static void assertRejected(Rejection rejection, Runnable question) {
    assertThatThrownBy(question::run)
        .isInstanceOfSatisfying(
            RejectionException.class, e -> assertThat(e.rejection()).isEqualTo(rejection));
  }
}
