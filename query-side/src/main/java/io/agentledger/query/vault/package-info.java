/** Answers about vaults: names and versions, never values. */
@NullMarked
package io.agentledger.query.vault;

import org.jspecify.annotations.NullMarked;
