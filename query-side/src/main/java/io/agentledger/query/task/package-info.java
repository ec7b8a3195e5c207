/** Queries about tasks and executions. */
@NullMarked
package io.agentledger.query.task;

import org.jspecify.annotations.NullMarked;
