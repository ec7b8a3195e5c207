/** Vaults: sealed credentials, referenced by id. */
@NullMarked
package io.agentledger.api.vault;

import org.jspecify.annotations.NullMarked;
