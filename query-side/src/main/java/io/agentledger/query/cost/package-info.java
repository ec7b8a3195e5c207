/** Queries about costs. */
@NullMarked
package io.agentledger.query.cost;

import org.jspecify.annotations.NullMarked;
