/** Read models of hooks and their executions. */
@NullMarked
package io.agentledger.projection.hook;

import org.jspecify.annotations.NullMarked;
