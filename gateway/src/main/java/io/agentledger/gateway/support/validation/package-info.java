/** Validates requests. */
@NullMarked
package io.agentledger.gateway.support.validation;

import org.jspecify.annotations.NullMarked;
