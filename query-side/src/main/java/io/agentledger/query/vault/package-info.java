/** Queries about vaults; never returns a value. */
@NullMarked
package io.agentledger.query.vault;

import org.jspecify.annotations.NullMarked;
