/** Vaults at the door: secrets go in, and never come out. */
@NullMarked
package io.agentledger.gateway.vault;

import org.jspecify.annotations.NullMarked;
