/** Tasks: saved sessions that start on request or by a schedule, and their executions. */
@NullMarked
package io.agentledger.api.task;

import org.jspecify.annotations.NullMarked;
