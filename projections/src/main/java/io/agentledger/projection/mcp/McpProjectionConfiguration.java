package io.agentledger.projection.mcp;

import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** Beans of the group "mcp". */
@Configuration(proxyBeanMethods = false)
@Import(McpServerProjection.class)
public class McpProjectionConfiguration {}
