/** Vaults: their configuration, and the secrets that authorized services read from them. */
@NullMarked
package io.agentledger.command.vault;

import org.jspecify.annotations.NullMarked;
