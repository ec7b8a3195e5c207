/** Flows: the aggregate, its saga, and the jobs that reply and publish. */
@NullMarked
package io.agentledger.command.flow;

import org.jspecify.annotations.NullMarked;
