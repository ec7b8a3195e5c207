package io.agentledger.query.task;

import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** Query handlers for tasks and executions. */
@Configuration(proxyBeanMethods = false)
@Import({TaskQueryHandler.class, ExecutionQueryHandler.class})
public class TaskQueryConfiguration {}
