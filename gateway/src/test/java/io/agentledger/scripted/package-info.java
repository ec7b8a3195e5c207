/** A scripted backend, for what the real service cannot be made to do at will. */
@NullMarked
package io.agentledger.scripted;

import org.jspecify.annotations.NullMarked;
