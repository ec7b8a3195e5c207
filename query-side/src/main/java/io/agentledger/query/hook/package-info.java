/** Queries about hooks and their executions. */
@NullMarked
package io.agentledger.query.hook;

import org.jspecify.annotations.NullMarked;
