/** Hooks and their executions over REST. */
@NullMarked
package io.agentledger.gateway.hook;

import org.jspecify.annotations.NullMarked;
