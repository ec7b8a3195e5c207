/** Remembers tenants, people and what they act with. */
@NullMarked
package io.agentledger.projection.identity;

import org.jspecify.annotations.NullMarked;
