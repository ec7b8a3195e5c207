/** Tools and resources that features offer on the platform's MCP server. */
@NullMarked
package io.agentledger.gateway.support.platform;

import org.jspecify.annotations.NullMarked;
