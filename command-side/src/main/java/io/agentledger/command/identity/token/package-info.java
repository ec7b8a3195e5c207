/** Access tokens, their signing keys and key rotation. */
@NullMarked
package io.agentledger.command.identity.token;

import org.jspecify.annotations.NullMarked;
