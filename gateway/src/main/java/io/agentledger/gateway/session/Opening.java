package io.agentledger.gateway.session;

import io.agentledger.api.mcp.McpServerId;
import io.agentledger.api.session.Budget;
import io.agentledger.api.session.SessionTools;
import io.agentledger.api.shared.Money;
import io.agentledger.gateway.support.Invalid;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What can be said of a session that does not exist yet. */
interface Opening extends Wishing {
  @Nullable String title();

  @Nullable Map<String, String> metadata();

  @Nullable WorkspaceWish workspace();

  @Nullable Money budgetUsd();

  @Nullable List<McpServerId> mcpServers();

  @Nullable List<ClientToolBody> clientTools();

  default SessionTools tools() {
    var servers = mcpServers();
    var tools = clientTools();
    if (tools != null) OpeningTools.check(tools);
    return new SessionTools(
        servers == null ? List.of() : servers,
        tools == null ? List.of() : tools.stream().map(ClientToolBody::toTool).toList());
  }

  default Map<String, String> metadataOrNone() {
    var pairs = metadata();
    if (pairs == null) return Map.of();
    pairs.forEach(
        (name, value) -> {
          if (value == null) throw Invalid.body("/metadata/" + name, "must be a string");
        });
    return pairs;
  }

  default WorkspaceWish workspaceOrEmpty() {
    var wish = workspace();
    return wish == null ? WorkspaceWish.EMPTY : wish;
  }

  default Budget budget() {
    return budget(budgetUsd());
  }

  static Budget budget(@Nullable Money limit) {
    if (limit == null) return new Budget.Unlimited();
    if (limit.nanos() <= 0) throw Invalid.body("/budget_usd", "must be more than 0");
    return new Budget.Limited(limit);
  }
}
