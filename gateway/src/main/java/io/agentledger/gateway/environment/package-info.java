/** Environments over HTTP and RSocket. */
@NullMarked
package io.agentledger.gateway.environment;

import org.jspecify.annotations.NullMarked;
