/** Queries about environments and their versions. */
@NullMarked
package io.agentledger.query.environment;

import org.jspecify.annotations.NullMarked;
