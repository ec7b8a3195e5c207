/** Read models of limits and their usage. */
@NullMarked
package io.agentledger.projection.quota;

import org.jspecify.annotations.NullMarked;
