/** The program {@code agentledger}: the public API on a terminal. */
@NullMarked
package io.agentledger.client.terminal;

import org.jspecify.annotations.NullMarked;
