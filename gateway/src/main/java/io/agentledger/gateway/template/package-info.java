/** Templates over REST and RSocket, and their rendering. */
@NullMarked
package io.agentledger.gateway.template;

import org.jspecify.annotations.NullMarked;
