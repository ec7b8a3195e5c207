package io.agentledger.query.permission;

import io.agentledger.api.permission.ToolGroupId;
import io.agentledger.api.permission.ToolGroupQuery.FindToolGroup;
import io.agentledger.api.permission.ToolGroupQuery.ListToolGroups;
import io.agentledger.api.permission.ToolGroupView;
import io.agentledger.api.shared.Page;
import io.agentledger.api.shared.Rejection.NotFound;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.projection.permission.ToolGroupRow;
import io.agentledger.projection.permission.ToolGroupRowRepository;
import io.agentledger.query.support.CursorCodec;
import io.agentledger.query.support.ReadModelAccess;
import org.axonframework.queryhandling.QueryHandler;

/** Answers what is asked about groups of tools. Waits a few seconds for what was told before. */
class ToolGroupQueryHandler {
  private final ToolGroupRowRepository groups;
  private final ReadModelAccess readModelAccess;
  private final CursorCodec cursorCodec;

  ToolGroupQueryHandler(
      ToolGroupRowRepository groups, ReadModelAccess readModelAccess, CursorCodec cursorCodec) {
    this.groups = groups;
    this.readModelAccess = readModelAccess;
    this.cursorCodec = cursorCodec;
  }

  @QueryHandler
  @SuppressWarnings("rawtypes") // Axon finds no handler of a parameterised page.
  Page list(ListToolGroups query) {
    String tenant = query.tenant().value();
    String[] cursorScope = {"tool_groups", tenant};
    String after = cursorCodec.decode(query.page(), cursorScope).orElse("");
    var rows = groups.page(tenant, after, CursorCodec.limitPlusOne(query.page()));
    return cursorCodec
        .page(rows, query.page(), ToolGroupRow::name, cursorScope)
        .map(ToolGroupQueryHandler::view);
  }

  @QueryHandler
  ToolGroupView find(FindToolGroup query) {
    String tenant = query.tenant().value();
    String id = query.toolGroupId().value();
    readModelAccess.await(query.toolGroupId(), groups::sequenceOf);
    return groups
        .findByIdAndTenant(id, tenant)
        .map(ToolGroupQueryHandler::view)
        .orElseThrow(() -> new RejectionException(new NotFound("tool_group", id)));
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
