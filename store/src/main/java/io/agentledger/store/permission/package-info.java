/** Compiled rules about tool calls, for decisions and for dry runs. */
@NullMarked
package io.agentledger.store.permission;

import org.jspecify.annotations.NullMarked;
