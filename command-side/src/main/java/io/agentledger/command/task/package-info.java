/** Tasks, their schedules, and the queue and starts of their executions. */
@NullMarked
package io.agentledger.command.task;

import org.jspecify.annotations.NullMarked;
