package io.agentledger.query.permission;

import io.agentledger.api.identity.Actor;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.permission.PolicyId;
import io.agentledger.api.permission.PolicyQuery.FindPolicy;
import io.agentledger.api.permission.PolicyQuery.ListPolicies;
import io.agentledger.api.permission.PolicyQuery.ListPolicyVersions;
import io.agentledger.api.permission.PolicyVersionView;
import io.agentledger.api.permission.PolicyView;
import io.agentledger.api.permission.ToolGroupCommand;
import io.agentledger.api.shared.Page;
import io.agentledger.api.shared.Rejection;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.projection.permission.PolicyRow;
import io.agentledger.projection.permission.PolicyRowRepository;
import io.agentledger.projection.permission.PolicyVersionRow;
import io.agentledger.projection.permission.PolicyVersionRowRepository;
import io.agentledger.projection.permission.ToolGroupRow;
import io.agentledger.projection.permission.ToolGroupRowRepository;
import io.agentledger.query.support.CursorCodec;
import io.agentledger.query.support.NewestFirstPosition;
import io.agentledger.query.support.ReadModelAccess;
import io.agentledger.store.permission.RuleAdvisories;
import io.agentledger.store.permission.ToolGroups;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.axonframework.queryhandling.QueryHandler;
import org.springframework.data.domain.Limit;

/**
 * Answers what is asked about policies, from the read models. Blocks its caller on the database,
 * and a few seconds on the projection, so that nobody is shown less than they were told before.
 */
class PolicyQueryHandler {
  private final PolicyRepositories policyRepositories;
  private final ReadModelAccess readModelAccess;
  private final CursorCodec cursorCodec;

  PolicyQueryHandler(
      PolicyRepositories policyRepositories,
      ReadModelAccess readModelAccess,
      CursorCodec cursorCodec) {
    this.policyRepositories = policyRepositories;
    this.readModelAccess = readModelAccess;
    this.cursorCodec = cursorCodec;
  }

  /** The read models. */
  record PolicyRepositories(
      PolicyRowRepository policies,
      PolicyVersionRowRepository versions,
      ToolGroupRowRepository groups) {}

  @QueryHandler
  @SuppressWarnings("rawtypes") // Axon finds no handler of a parameterised page.
  Page list(ListPolicies query) {
    String tenant = query.tenant().value();
    String[] cursorScope = {"policies", tenant, Boolean.toString(query.includeArchived())};
    var after = NewestFirstPosition.from(cursorCodec, query.page(), cursorScope);
    return readModelAccess.read(
        () -> {
          var rows =
              policyRepositories
                  .policies()
                  .page(
                      tenant,
                      query.includeArchived(),
                      after.at(),
                      after.id(),
                      CursorCodec.limitPlusOne(query.page()));
          ToolGroups groups = groups(query.tenant());
          return cursorCodec
              .page(
                  rows,
                  query.page(),
                  row -> new NewestFirstPosition(row.createdAt(), row.id()),
                  cursorScope)
              .map(row -> view(row, groups));
        });
  }

  @QueryHandler
  PolicyView find(FindPolicy query) {
    return findOrReject(query.tenant(), query.policyId(), row -> view(row, groups(query.tenant())));
  }

  @QueryHandler
  @SuppressWarnings("rawtypes")
  Page list(ListPolicyVersions query) {
    String policy = query.policyId().value();
    String[] cursorScope = {"policy_versions", query.tenant().value(), policy};
    long before =
        cursorCodec.decode(query.page(), cursorScope).map(Long::parseLong).orElse(Long.MAX_VALUE);
    return findOrReject(
        query.tenant(),
        query.policyId(),
        row -> {
          var rows =
              policyRepositories
                  .versions()
                  .page(policy, before, CursorCodec.limitPlusOne(query.page()));
          return cursorCodec
              .page(rows, query.page(), version -> version.key().sequence(), cursorScope)
              .map(PolicyQueryHandler::view);
        });
  }

  private <R> R findOrReject(TenantId tenant, PolicyId policy, Function<PolicyRow, R> mapper) {
    readModelAccess.await(policy, policyRepositories.policies()::sequenceOf);
    return readModelAccess.read(
        () ->
            policyRepositories
                .policies()
                .findByIdAndTenant(policy.value(), tenant.value())
                .map(mapper)
                .orElseThrow(
                    () ->
                        new RejectionException(new Rejection.NotFound("policy", policy.value()))));
  }

  private ToolGroups groups(TenantId tenant) {
    return new ToolGroups(
        policyRepositories
            .groups()
            .page(tenant.value(), "", Limit.of(ToolGroupCommand.GROUPS_MAX))
            .stream()
            .collect(Collectors.toMap(ToolGroupRow::name, ToolGroupRow::tools)));
  }

  private static PolicyView view(PolicyRow row, ToolGroups groups) {
    var definition = row.definition();
    return new PolicyView(
        new PolicyId(row.id()),
        row.scope(),
        row.name(),
        definition.enabled(),
        definition.permitsBypass(),
        definition.rules(),
        RuleAdvisories.advise(definition.rules(), groups),
        row.version(),
        row.createdAt(),
        row.updatedAt(),
        row.archivedAt());
  }

  private static PolicyVersionView view(PolicyVersionRow row) {
    var definition = row.definition();
    return new PolicyVersionView(
        row.version(),
        row.name(),
        definition.enabled(),
        definition.permitsBypass(),
        definition.rules(),
        row.archived(),
        Actor.parse(row.actor()),
        row.at());
  }
}
