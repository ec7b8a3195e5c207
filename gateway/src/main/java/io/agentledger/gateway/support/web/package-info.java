/** What controllers get with a request: its context, pagination, idempotency keys, entity tags. */
@NullMarked
package io.agentledger.gateway.support.web;

import org.jspecify.annotations.NullMarked;
