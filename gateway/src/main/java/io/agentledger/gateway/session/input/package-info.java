/** Inputs to a session, over HTTP, WebSocket and RSocket. */
@NullMarked
package io.agentledger.gateway.session.input;

import org.jspecify.annotations.NullMarked;
