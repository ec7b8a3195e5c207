/** One CLI process: how it is launched, written to, read from its journal, and given its model. */
@NullMarked
package io.agentledger.command.claude.process;

import org.jspecify.annotations.NullMarked;
