/** Specification of CLI processes: command line, environment and settings. */
@NullMarked
package io.agentledger.command.claude.launch;

import org.jspecify.annotations.NullMarked;
