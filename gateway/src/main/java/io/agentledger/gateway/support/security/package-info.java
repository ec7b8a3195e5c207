/** Revocation of credentials, tickets of WebSockets, and rate limits of callers. */
@NullMarked
package io.agentledger.gateway.support.security;

import org.jspecify.annotations.NullMarked;
