/** Authorization of tool calls before they are executed. */
@NullMarked
package io.agentledger.command.claude.policy;

import org.jspecify.annotations.NullMarked;
