/** Authenticates callers, and caches whom it found. */
@NullMarked
package io.agentledger.command.identity.authentication;

import org.jspecify.annotations.NullMarked;
