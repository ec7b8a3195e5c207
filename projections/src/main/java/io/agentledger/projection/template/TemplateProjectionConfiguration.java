package io.agentledger.projection.template;

import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** Beans of the group "template". */
@Configuration(proxyBeanMethods = false)
@Import({TemplateProjection.class, TemplateUsageProjection.class})
public class TemplateProjectionConfiguration {}
