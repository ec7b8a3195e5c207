package io.agentledger.query.hook;

import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** Query handlers for hooks. */
@Configuration(proxyBeanMethods = false)
@Import(HookQueryHandler.class)
public class HookQueryConfiguration {}
