/** The OpenAPI document. */
@NullMarked
package io.agentledger.scripted.openapi;

import org.jspecify.annotations.NullMarked;
