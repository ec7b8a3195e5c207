/** Metrics and traces of runs, without content. */
@NullMarked
package io.agentledger.command.ops;

import org.jspecify.annotations.NullMarked;
