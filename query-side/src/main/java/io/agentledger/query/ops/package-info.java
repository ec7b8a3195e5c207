/** How far projections are, and what they could not take in. */
@NullMarked
package io.agentledger.query.ops;

import org.jspecify.annotations.NullMarked;
