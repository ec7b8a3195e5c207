package io.agentledger.query.mcp;

import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** Query handlers for MCP servers. */
@Configuration(proxyBeanMethods = false)
@Import(McpServerQueryHandler.class)
public class McpQueryConfiguration {}
