/** Maps the output of runs to recorded events. */
@NullMarked
package io.agentledger.command.claude.record;

import org.jspecify.annotations.NullMarked;
