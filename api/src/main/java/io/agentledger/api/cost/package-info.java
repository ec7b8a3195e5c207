/** What runs used and what that cost. */
@NullMarked
package io.agentledger.api.cost;

import org.jspecify.annotations.NullMarked;
