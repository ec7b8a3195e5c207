/** The executable of the service: its API over HTTP, WebSocket and RSocket. */
@NullMarked
package io.agentledger.gateway;

import org.jspecify.annotations.NullMarked;
