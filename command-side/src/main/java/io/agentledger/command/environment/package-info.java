/** Decides about environments, and what a session is opened in. */
@NullMarked
package io.agentledger.command.environment;

import org.jspecify.annotations.NullMarked;
