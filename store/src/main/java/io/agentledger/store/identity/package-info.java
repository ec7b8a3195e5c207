/** Callers of messages: authorization before handling, and access for handlers. */
@NullMarked
package io.agentledger.store.identity;

import org.jspecify.annotations.NullMarked;
