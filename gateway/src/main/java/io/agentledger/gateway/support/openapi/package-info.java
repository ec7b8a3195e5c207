/** The OpenAPI document. */
@NullMarked
package io.agentledger.gateway.support.openapi;

import org.jspecify.annotations.NullMarked;
