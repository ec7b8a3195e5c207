package io.agentledger.query.flow;

import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** Query handlers for flows and identities at providers. */
@Configuration(proxyBeanMethods = false)
@Import({FlowQueryHandler.class, SourceIdentityQueryHandler.class})
public class FlowQueryConfiguration {}
