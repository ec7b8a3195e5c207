/** The read models of vaults: what they are called and which secrets they hold, never a value. */
@NullMarked
package io.agentledger.projection.vault;

import org.jspecify.annotations.NullMarked;
