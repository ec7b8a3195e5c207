package io.agentledger.query.permission;

import io.agentledger.api.permission.ToolGroupId;
import io.agentledger.api.permission.ToolGroupQuery.FindToolGroup;
import io.agentledger.api.permission.ToolGroupQuery.ListToolGroupNames;
import io.agentledger.api.permission.ToolGroupQuery.ListToolGroups;
import io.agentledger.api.permission.ToolGroupView;
import io.agentledger.api.shared.Page;
import io.agentledger.projection.permission.ToolGroupRow;
import io.agentledger.projection.permission.ToolGroupRowRepository;
import io.agentledger.query.support.ConfigurationReader;
import io.agentledger.query.support.ProjectionFreshness;
import java.util.List;
import org.axonframework.queryhandling.QueryHandler;

/** Answers queries about groups of tools. */
record ToolGroupQueryHandler(
    ToolGroupRowRepository groups,
    ConfigurationReader configurationReader,
    ProjectionFreshness freshness) {
  private static final String GROUP = "permission";

  @QueryHandler
  @SuppressWarnings("rawtypes") // Axon finds no handler that returns a parameterized page.
  Page list(ListToolGroups query) {
    return configurationReader
        .listByName(GROUP, "tool_groups", query.tenant(), query.page(), groups)
        .map(ToolGroupQueryHandler::view);
  }

  @QueryHandler
  List<String> list(ListToolGroupNames query) {
    freshness.await(GROUP);
    return groups.findNames(query.tenant().value());
  }

  @QueryHandler
  ToolGroupView find(FindToolGroup query) {
    return view(configurationReader.find(GROUP, query.tenant(), query.toolGroupId(), groups));
  }

  private static ToolGroupView view(ToolGroupRow row) {
    return new ToolGroupView(
        new ToolGroupId(row.id()),
        row.name(),
        row.tools(),
        row.version(),
        row.createdAt(),
        row.updatedAt(),
        row.archivedAt());
  }
}
