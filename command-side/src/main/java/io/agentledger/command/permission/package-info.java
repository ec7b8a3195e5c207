/** Policies: made and changed here, and asked here about every tool call. */
@NullMarked
package io.agentledger.command.permission;

import org.jspecify.annotations.NullMarked;
