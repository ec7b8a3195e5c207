package io.agentledger.projection.template;

import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** The beans of the group "template". */
@Configuration(proxyBeanMethods = false)
@Import({TemplateProjection.class, TemplateUsageProjection.class})
public class TemplateProjectionConfiguration {}
