/** Read models of vaults: names of vaults and secrets, never a value. */
@NullMarked
package io.agentledger.projection.vault;

import org.jspecify.annotations.NullMarked;
