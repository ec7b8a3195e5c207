/** Permission policies: their configuration, and the evaluation of tool calls. */
@NullMarked
package io.agentledger.command.permission;

import org.jspecify.annotations.NullMarked;
