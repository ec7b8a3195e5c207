/** Pool of CLI processes, leases, recovery, and the port through which jobs execute runs. */
@NullMarked
package io.agentledger.command.claude.runner;

import org.jspecify.annotations.NullMarked;
