/** Rules about tool calls, ready to be asked: to decide by, and to try on what was recorded. */
@NullMarked
package io.agentledger.store.permission;

import org.jspecify.annotations.NullMarked;
