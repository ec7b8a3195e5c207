/** Shared parts of query handlers: decrypted content, and authenticated cursors. */
@NullMarked
package io.agentledger.query.support;

import org.jspecify.annotations.NullMarked;
