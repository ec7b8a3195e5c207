package io.agentledger.query.permission;

import io.agentledger.api.permission.ToolGroupId;
import io.agentledger.api.permission.ToolGroupQuery.FindToolGroup;
import io.agentledger.api.permission.ToolGroupQuery.ListToolGroups;
import io.agentledger.api.permission.ToolGroupView;
import io.agentledger.api.shared.Page;
import io.agentledger.api.shared.Rejected;
import io.agentledger.api.shared.Rejection.NotFound;
import io.agentledger.projection.permission.ToolGroupRow;
import io.agentledger.projection.permission.ToolGroupRows;
import io.agentledger.query.permission.PolicyQueries.Reading;
import io.agentledger.query.support.Cursors;
import java.time.Duration;
import java.util.Optional;
import org.axonframework.queryhandling.QueryHandler;
import org.springframework.data.domain.Limit;

/**
 * Answers what is asked about groups of tools. Waits up to two seconds for what was told before.
 */
class ToolGroupQueries {
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private final ToolGroupRows groups;
  private final Reading reading;
  private final Cursors cursors;

  ToolGroupQueries(ToolGroupRows groups, Reading reading, Cursors cursors) {
    this.groups = groups;
    this.reading = reading;
    this.cursors = cursors;
  }

  @QueryHandler
  @SuppressWarnings("rawtypes") // Axon finds no handler of a parameterised page.
  Page list(ListToolGroups query) {
    String tenant = query.tenant().value();
    String[] list = {"tool_groups", tenant};
    String after = cursors.place(query.page(), list).orElse("");
    int most = query.page().limit();
    var rows = groups.page(tenant, after, Limit.of(most + 1));
    if (rows.size() <= most) return new Page<>(rows, null).map(ToolGroupQueries::view);
    var items = rows.subList(0, most);
    return new Page<>(items, cursors.at(items.getLast().name(), list)).map(ToolGroupQueries::view);
  }

  @QueryHandler
  ToolGroupView find(FindToolGroup query) {
    String tenant = query.tenant().value();
    String id = query.toolGroupId().value();
    Optional<Long> wanted = reading.store().lastSequenceNumberFor(id);
    wanted.ifPresent(
        last ->
            reading
                .progress()
                .await(() -> groups.sequenceOf(tenant, id).orElse(-1L) >= last, PATIENCE));
    return groups
        .findByIdAndTenant(id, tenant)
        .map(ToolGroupQueries::view)
        .orElseThrow(() -> new Rejected(new NotFound("tool_group", id)));
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
