/** Environments, and their resolution when a session opens. */
@NullMarked
package io.agentledger.command.environment;

import org.jspecify.annotations.NullMarked;
