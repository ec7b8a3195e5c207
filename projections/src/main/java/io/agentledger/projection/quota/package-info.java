/** Remembers limits and what is used of them. */
@NullMarked
package io.agentledger.projection.quota;

import org.jspecify.annotations.NullMarked;
