/** JSON of the API. */
@NullMarked
package io.agentledger.gateway.support.json;

import org.jspecify.annotations.NullMarked;
