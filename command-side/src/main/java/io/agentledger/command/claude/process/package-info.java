/** One CLI process: its start, input, journal and model socket. */
@NullMarked
package io.agentledger.command.claude.process;

import org.jspecify.annotations.NullMarked;
