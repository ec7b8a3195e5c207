package io.agentledger.query.permission;

import io.agentledger.api.identity.TenantId;
import io.agentledger.api.permission.PolicyId;
import io.agentledger.api.permission.PolicyQuery.FindPolicy;
import io.agentledger.api.permission.PolicyQuery.ListPolicies;
import io.agentledger.api.permission.PolicyQuery.ListPolicyVersions;
import io.agentledger.api.permission.PolicyVersionView;
import io.agentledger.api.permission.PolicyView;
import io.agentledger.api.permission.ToolGroupCommand;
import io.agentledger.api.shared.Page;
import io.agentledger.projection.permission.PolicyRow;
import io.agentledger.projection.permission.PolicyRowRepository;
import io.agentledger.projection.permission.PolicyVersionRow;
import io.agentledger.projection.permission.PolicyVersionRowRepository;
import io.agentledger.projection.permission.ToolGroupRow;
import io.agentledger.projection.permission.ToolGroupRowRepository;
import io.agentledger.query.support.ConfigurationReader;
import io.agentledger.store.permission.RuleAdvisories;
import io.agentledger.store.permission.ToolGroups;
import java.util.stream.Collectors;
import org.axonframework.queryhandling.QueryHandler;
import org.springframework.data.domain.Limit;

/** Answers queries about policies and their versions. */
record PolicyQueryHandler(
    PolicyRowRepository policies,
    PolicyVersionRowRepository versions,
    ToolGroupRowRepository groups,
    ConfigurationReader configurationReader) {
  private static final String GROUP = "permission";

  @QueryHandler
  @SuppressWarnings("rawtypes") // Axon finds no handler that returns a parameterized page.
  Page list(ListPolicies query) {
    ToolGroups toolGroups = groups(query.tenant());
    return configurationReader
        .list(GROUP, "policies", query, policies)
        .map(row -> view(row, toolGroups));
  }

  @QueryHandler
  PolicyView find(FindPolicy query) {
    var row = configurationReader.find(GROUP, query.tenant(), query.policyId(), policies);
    return view(row, groups(query.tenant()));
  }

  @QueryHandler
  @SuppressWarnings("rawtypes")
  Page list(ListPolicyVersions query) {
    configurationReader.find(GROUP, query.tenant(), query.policyId(), policies);
    return configurationReader
        .listVersions(query.tenant(), query.policyId(), query.page(), versions)
        .map(PolicyQueryHandler::view);
  }

  private ToolGroups groups(TenantId tenant) {
    return new ToolGroups(
        groups.pageByName(tenant.value(), "", Limit.of(ToolGroupCommand.GROUPS_MAX)).stream()
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
        row.actor(),
        row.at());
  }
}
