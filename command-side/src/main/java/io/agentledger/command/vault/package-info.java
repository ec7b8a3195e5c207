/** Vaults: what is in them is decided here, and opened here for those who use it. */
@NullMarked
package io.agentledger.command.vault;

import org.jspecify.annotations.NullMarked;
