package io.agentledger.projection.report;

import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** Beans of the group "report". */
@Configuration(proxyBeanMethods = false)
@Import({
  ReportProjection.class,
  ReportScheduleProjection.class,
  ReportSettingsProjection.class,
  ReportTemplateProjection.class
})
public class ReportProjectionConfiguration {}
