/** Endpoints for tasks and executions. */
@NullMarked
package io.agentledger.gateway.task;

import org.jspecify.annotations.NullMarked;
