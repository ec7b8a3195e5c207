/** The read models of hooks: how they are registered, and each of their calls. */
@NullMarked
package io.agentledger.projection.hook;

import org.jspecify.annotations.NullMarked;
