/** Read models of tasks, their versions and executions. */
@NullMarked
package io.agentledger.projection.task;

import org.jspecify.annotations.NullMarked;
