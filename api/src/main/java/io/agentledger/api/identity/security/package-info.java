/**
 * Authentication and authorization: permitted senders of each message, and the ports that check
 * them.
 */
@NullMarked
package io.agentledger.api.identity.security;

import org.jspecify.annotations.NullMarked;
