/** Tokens that others signed, and those of our own: read, and believed only as far as proved. */
@NullMarked
package io.agentledger.gateway.identity.token;

import org.jspecify.annotations.NullMarked;
