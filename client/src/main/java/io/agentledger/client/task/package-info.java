/** Client of tasks and executions. */
@NullMarked
package io.agentledger.client.task;

import org.jspecify.annotations.NullMarked;
