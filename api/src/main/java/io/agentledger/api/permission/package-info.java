/** Policies: rules that decide about tool calls, and the requests to users for all other calls. */
@NullMarked
package io.agentledger.api.permission;

import org.jspecify.annotations.NullMarked;
