/** JSON as the API has it. */
@NullMarked
package io.agentledger.gateway.support.json;

import org.jspecify.annotations.NullMarked;
