/** Scripted backend for situations that tests cannot create with the real service. */
@NullMarked
package io.agentledger.scripted;

import org.jspecify.annotations.NullMarked;
