/** Authentication of requests, and REST endpoints for tenants, users and credentials. */
@NullMarked
package io.agentledger.gateway.identity;

import org.jspecify.annotations.NullMarked;
