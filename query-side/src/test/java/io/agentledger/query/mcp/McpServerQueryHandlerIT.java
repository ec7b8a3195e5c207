package io.agentledger.query.mcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentledger.api.identity.TenantId;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.mcp.McpConnection;
import io.agentledger.api.mcp.McpLimits;
import io.agentledger.api.mcp.McpLimitsView;
import io.agentledger.api.mcp.McpServerCheckQuery.ListMcpServersToCheck;
import io.agentledger.api.mcp.McpServerEvent;
import io.agentledger.api.mcp.McpServerEvent.McpServerArchived;
import io.agentledger.api.mcp.McpServerEvent.McpServerCheckFailed;
import io.agentledger.api.mcp.McpServerEvent.McpServerDisabled;
import io.agentledger.api.mcp.McpServerEvent.McpServerLimitsChanged;
import io.agentledger.api.mcp.McpServerEvent.McpServerRegistered;
import io.agentledger.api.mcp.McpServerId;
import io.agentledger.api.mcp.McpServerQuery.FindMcpServer;
import io.agentledger.api.mcp.McpServerQuery.ListMcpServers;
import io.agentledger.api.mcp.McpServerRef;
import io.agentledger.api.mcp.McpServerStatus;
import io.agentledger.api.mcp.McpServerView;
import io.agentledger.api.shared.Page;
import io.agentledger.api.shared.PageRequest;
import io.agentledger.api.shared.Rejection;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.projection.support.ProjectionCommitSignal;
import io.agentledger.query.QueryTestSupport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.axonframework.eventhandling.GenericDomainEventMessage;
import org.axonframework.messaging.responsetypes.ResponseTypes;
import org.junit.jupiter.api.Test;

class McpServerQueryHandlerIT extends QueryTestSupport {
  private final Map<McpServerId, Long> numbers = new HashMap<>();

  private McpServerId registered(String name) {
    var id = McpServerId.next();
    append(
        new McpServerRegistered(
            id, UserId.next(), name, new McpConnection.Http("https://x/", Map.of())));
    return id;
  }

  private void append(McpServerEvent event) {
    long number = numbers.merge(event.mcpServerId(), 0L, (was, first) -> was + 1);
    append(
        List.of(
            new GenericDomainEventMessage<>("McpServer", event.mcpServerId().value(), number, event)
                .withMetaData(provenance())));
  }

  private McpServerView find(TenantId tenant, McpServerId id) {
    return query(new FindMcpServer(tenant, id), McpServerView.class);
  }

  @SuppressWarnings("unchecked") // Responds to the query with this page.
  private Page<McpServerView> page(ListMcpServers query) {
    return (Page<McpServerView>) query(query, Page.class);
  }

  @Test
  void writerReadsTheServerImmediately() {
    var id = registered("tools");
    append(new McpServerCheckFailed(id, "nobody answers"));
    var view = find(TENANT, id);
    assertThat(view.name()).isEqualTo("tools");
    assertThat(view.status()).isEqualTo(McpServerStatus.UNAPPROVED);
    assertThat(view.failure()).isEqualTo("nobody answers");
  }

  @Test
  void anotherTenantFindsNothing() {
    var id = registered("ours");
    find(TENANT, id); // The row exists.
    var otherTenant = TenantId.next();
    long before = System.nanoTime();
    assertThatThrownBy(() -> find(otherTenant, id))
        .isInstanceOfSatisfying(
            RejectionException.class,
            e ->
                assertThat(e.rejection())
                    .isEqualTo(new Rejection.NotFound("mcp_server", id.value())));
    assertThat(Duration.ofNanos(System.nanoTime() - before))
        .as("the response time would disclose that it exists")
        .isLessThan(ProjectionCommitSignal.TIMEOUT);
    assertThat(page(new ListMcpServers(otherTenant, true, new PageRequest(10, null))).items())
        .isEmpty();
  }

  @Test
  void pagesAreBoundedJoinAndOmitArchived() {
    var newest = new ArrayList<McpServerId>();
    for (var name : List.of("one", "two", "three")) newest.addFirst(registered(name));
    find(TENANT, newest.getFirst());
    var first = page(new ListMcpServers(TENANT, false, new PageRequest(2, null)));
    assertThat(first.items()).extracting(McpServerView::id).isEqualTo(newest.subList(0, 2));
    var second = page(new ListMcpServers(TENANT, false, new PageRequest(2, first.nextCursor())));
    assertThat(second.items()).extracting(McpServerView::id).startsWith(newest.get(2));

    append(new McpServerArchived(newest.getFirst()));
    find(TENANT, newest.getFirst());
    assertThat(page(new ListMcpServers(TENANT, false, new PageRequest(10, null))).items())
        .extracting(McpServerView::id)
        .doesNotContain(newest.getFirst());
    assertThat(page(new ListMcpServers(TENANT, true, new PageRequest(10, null))).items())
        .extracting(McpServerView::id)
        .contains(newest.getFirst());
  }

  @Test
  void configuredLimitsAreShown() {
    var id = registered("bounded");
    assertThat(find(TENANT, id).limits()).isEqualTo(new McpLimitsView(null, null));
    append(new McpServerLimitsChanged(id, new McpLimits(Duration.ofSeconds(2), Duration.ZERO)));
    assertThat(find(TENANT, id).limits()).isEqualTo(new McpLimitsView(Duration.ofSeconds(2), null));
  }

  @Test
  void unchangedCheckOnlyUpdatesItsTime() {
    var id = registered("looked at");
    assertThat(find(TENANT, id).checkedAt()).isNull();
    append(new McpServerCheckFailed(id, "nobody answers"));
    var before = find(TENANT, id);
    sql.update(
        "insert into mcp_check (mcp_server_id, checked_at) values (?, now() + interval '1 hour')",
        id.value());
    var after = find(TENANT, id);
    assertThat(after.checkedAt()).isAfter(before.checkedAt());
    assertThat(after.updatedAt()).isEqualTo(before.updatedAt());
  }

  private List<McpServerRef> watched(String after) {
    return queries
        .query(
            new ListMcpServersToCheck(after, 1000),
            ResponseTypes.multipleInstancesOf(McpServerRef.class))
        .join();
  }

  @Test
  void disabledAndArchivedServersAreNotMonitored() {
    var on = registered("on");
    var off = registered("off");
    append(new McpServerDisabled(off));
    find(TENANT, off);
    var all = watched("");
    assertThat(all)
        .contains(new McpServerRef(TENANT, on))
        .doesNotContain(new McpServerRef(TENANT, off));
    assertThat(watched(on.value())).doesNotContain(new McpServerRef(TENANT, on));
  }
}
