package io.agentledger.query.template;

import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** Query handlers for templates. */
@Configuration(proxyBeanMethods = false)
@Import(TemplateQueryHandler.class)
public class TemplateQueryConfiguration {}
