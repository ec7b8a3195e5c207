/** Verification of access tokens of this installation and of external issuers. */
@NullMarked
package io.agentledger.gateway.identity.token;

import org.jspecify.annotations.NullMarked;
