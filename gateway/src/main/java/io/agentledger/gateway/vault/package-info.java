/** Vaults over REST: secrets are write-only. */
@NullMarked
package io.agentledger.gateway.vault;

import org.jspecify.annotations.NullMarked;
