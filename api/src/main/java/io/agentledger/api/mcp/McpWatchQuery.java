package io.agentledger.api.mcp;

import io.agentledger.api.identity.Internal;

/** What the house itself asks about the servers of all tenants. */
public sealed interface McpWatchQuery {
  /**
   * Those that are switched on and not archived, by id; answered with a list of {@link
   * WatchedServer}.
   *
   * @param after the last one of the page before; empty for the first page
   */
  @Internal
  record ListWatchedServers(String after, int limit) implements McpWatchQuery {}
}
