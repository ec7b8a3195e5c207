/** Queries about limits and their usage. */
@NullMarked
package io.agentledger.query.quota;

import org.jspecify.annotations.NullMarked;
