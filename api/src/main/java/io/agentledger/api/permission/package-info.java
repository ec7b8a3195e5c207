/** Policies: rules that decide about tool calls, and who is asked when they do not. */
@NullMarked
package io.agentledger.api.permission;

import org.jspecify.annotations.NullMarked;
