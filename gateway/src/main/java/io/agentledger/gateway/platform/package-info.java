/** MCP server of the platform: the API as tools and resources for agents and their clients. */
@NullMarked
package io.agentledger.gateway.platform;

import org.jspecify.annotations.NullMarked;
