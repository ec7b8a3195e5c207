/** Commands to a session, their inputs and outputs, and their results. */
@NullMarked
package io.agentledger.api.session.command;

import org.jspecify.annotations.NullMarked;
