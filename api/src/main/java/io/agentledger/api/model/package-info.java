/** Model exchanges: usage, cost and upstream. */
@NullMarked
package io.agentledger.api.model;

import org.jspecify.annotations.NullMarked;
