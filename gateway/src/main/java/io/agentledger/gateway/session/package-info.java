/** Sessions over REST, server-sent events, WebSocket and RSocket. */
@NullMarked
package io.agentledger.gateway.session;

import org.jspecify.annotations.NullMarked;
