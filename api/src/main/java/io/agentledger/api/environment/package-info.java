/** Environments: where runs happen. */
@NullMarked
package io.agentledger.api.environment;

import org.jspecify.annotations.NullMarked;
