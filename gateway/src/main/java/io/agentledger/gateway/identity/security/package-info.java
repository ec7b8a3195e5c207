/** Authenticates requests on HTTP, WebSocket and RSocket, and watches for revoked credentials. */
@NullMarked
package io.agentledger.gateway.identity.security;

import org.jspecify.annotations.NullMarked;
