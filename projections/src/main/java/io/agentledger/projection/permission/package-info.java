/** The read models of policies: what they say, and what they said before. */
@NullMarked
package io.agentledger.projection.permission;

import org.jspecify.annotations.NullMarked;
