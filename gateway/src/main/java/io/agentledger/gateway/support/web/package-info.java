/** Parameters of controllers: request context, pagination, idempotency keys, entity tags. */
@NullMarked
package io.agentledger.gateway.support.web;

import org.jspecify.annotations.NullMarked;
