package io.agentledger.projection.hook;

import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** Beans of the group "hook". */
@Configuration(proxyBeanMethods = false)
@Import(HookProjection.class)
public class HookProjectionConfiguration {}
