/** The pool of CLI processes, leases, recovery, and the port through which jobs run queries. */
@NullMarked
package io.agentledger.command.claude.runner;

import org.jspecify.annotations.NullMarked;
