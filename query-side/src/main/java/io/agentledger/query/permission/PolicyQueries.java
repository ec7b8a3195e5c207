package io.agentledger.query.permission;

import io.agentledger.api.identity.Actor;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.permission.PolicyId;
import io.agentledger.api.permission.PolicyQuery.FindPolicy;
import io.agentledger.api.permission.PolicyQuery.ListPolicies;
import io.agentledger.api.permission.PolicyQuery.ListPolicyVersions;
import io.agentledger.api.permission.PolicyVersionView;
import io.agentledger.api.permission.PolicyView;
import io.agentledger.api.permission.PolicyView.Advisory;
import io.agentledger.api.shared.Page;
import io.agentledger.api.shared.Rejected;
import io.agentledger.api.shared.Rejection;
import io.agentledger.projection.permission.PolicyRow;
import io.agentledger.projection.permission.PolicyRows;
import io.agentledger.projection.permission.PolicyVersionRow;
import io.agentledger.projection.permission.PolicyVersionRows;
import io.agentledger.projection.support.Progress;
import io.agentledger.query.support.Cursors;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.axonframework.eventsourcing.eventstore.EventStore;
import org.axonframework.queryhandling.QueryHandler;
import org.springframework.transaction.support.TransactionOperations;

/**
 * Answers what is asked about policies, from the read models. Blocks its caller on the database,
 * and up to two seconds on the projection, so that nobody is shown less than they were told before.
 */
class PolicyQueries {
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  /** Behind every policy in the order "newest first". */
  private static final Instant NEWEST = Instant.parse("9999-01-01T00:00:00Z");

  private final Tables tables;
  private final Reading reading;
  private final Cursors cursors;

  PolicyQueries(Tables tables, Reading reading, Cursors cursors) {
    this.tables = tables;
    this.reading = reading;
    this.cursors = cursors;
  }

  /** The read models. */
  record Tables(PolicyRows policies, PolicyVersionRows versions) {}

  /** What stands between a reader and the rows. */
  record Reading(EventStore store, Progress progress, TransactionOperations transaction) {}

  @QueryHandler
  @SuppressWarnings("rawtypes") // Axon finds no handler of a parameterised page.
  Page list(ListPolicies query) {
    String tenant = query.tenant().value();
    String[] list = {"policies", tenant, Boolean.toString(query.includeArchived())};
    var place = cursors.place(query.page(), list).orElse(NEWEST + " ");
    int space = place.indexOf(' ');
    return read(
        () -> {
          var rows =
              tables
                  .policies()
                  .page(
                      tenant,
                      query.includeArchived(),
                      Instant.parse(place.substring(0, space)),
                      place.substring(space + 1),
                      Cursors.oneMore(query.page()));
          return cursors
              .page(rows, query.page(), row -> row.createdAt() + " " + row.id(), list)
              .map(PolicyQueries::view);
        });
  }

  @QueryHandler
  PolicyView find(FindPolicy query) {
    return of(query.tenant(), query.policyId(), PolicyQueries::view);
  }

  @QueryHandler
  @SuppressWarnings("rawtypes")
  Page list(ListPolicyVersions query) {
    String policy = query.policyId().value();
    String[] list = {"policy_versions", query.tenant().value(), policy};
    long before = cursors.place(query.page(), list).map(Long::parseLong).orElse(Long.MAX_VALUE);
    return of(
        query.tenant(),
        query.policyId(),
        row -> {
          var rows = tables.versions().page(policy, before, Cursors.oneMore(query.page()));
          return cursors
              .page(rows, query.page(), version -> "" + version.key().sequence(), list)
              .map(PolicyQueries::view);
        });
  }

  private <R> R of(TenantId tenant, PolicyId policy, Function<PolicyRow, R> answer) {
    await(tenant, policy);
    return read(
        () ->
            tables
                .policies()
                .findByIdAndTenant(policy.value(), tenant.value())
                .map(answer)
                .orElseThrow(() -> new Rejected(new Rejection.NotFound("policy", policy.value()))));
  }

  /** A reader that was not helped in time gets what is there. */
  private void await(TenantId tenant, PolicyId policy) {
    Optional<Long> wanted = reading.store().lastSequenceNumberFor(policy.value());
    if (wanted.isEmpty()) return;
    reading
        .progress()
        .await(
            () ->
                tables.policies().sequenceOf(tenant.value(), policy.value()).orElse(-1L)
                    >= wanted.get(),
            PATIENCE);
  }

  private static PolicyView view(PolicyRow row) {
    var terms = row.terms();
    return new PolicyView(
        new PolicyId(row.id()),
        row.scope(),
        row.name(),
        terms.enabled(),
        terms.permitsBypass(),
        terms.rules(),
        Advisory.of(terms.rules()),
        row.version(),
        row.createdAt(),
        row.updatedAt(),
        row.archivedAt());
  }

  private static PolicyVersionView view(PolicyVersionRow row) {
    var terms = row.terms();
    return new PolicyVersionView(
        row.version(),
        row.name(),
        terms.enabled(),
        terms.permitsBypass(),
        terms.rules(),
        row.archived(),
        Actor.parse(row.actor()),
        row.at());
  }

  private <R> R read(Supplier<R> answer) {
    return Objects.requireNonNull(reading.transaction().execute(transaction -> answer.get()));
  }
}
