/** The WebSocket endpoints of sessions. */
@NullMarked
package io.agentledger.gateway.session.websocket;

import org.jspecify.annotations.NullMarked;
