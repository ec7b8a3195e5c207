/** Hooks and their calls, over REST. */
@NullMarked
package io.agentledger.gateway.hook;

import org.jspecify.annotations.NullMarked;
