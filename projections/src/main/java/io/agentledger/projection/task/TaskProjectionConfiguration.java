package io.agentledger.projection.task;

import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** Beans of the group "task". */
@Configuration(proxyBeanMethods = false)
@Import({TaskProjection.class, ExecutionProjection.class})
public class TaskProjectionConfiguration {}
