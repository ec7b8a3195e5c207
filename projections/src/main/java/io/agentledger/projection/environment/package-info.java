/** Remembers environments, what they were before, and which one is a tenant's standard. */
@NullMarked
package io.agentledger.projection.environment;

import org.jspecify.annotations.NullMarked;
