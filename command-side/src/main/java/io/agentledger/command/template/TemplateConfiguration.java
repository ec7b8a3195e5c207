package io.agentledger.command.template;

import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** Beans for templates. */
@Configuration(proxyBeanMethods = false)
@Import(Template.class)
public class TemplateConfiguration {}
