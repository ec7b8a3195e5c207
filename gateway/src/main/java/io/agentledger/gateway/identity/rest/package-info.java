/** Signing in, people, keys, invitations and tenants over REST. */
@NullMarked
package io.agentledger.gateway.identity.rest;

import org.jspecify.annotations.NullMarked;
