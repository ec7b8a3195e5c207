/** Who sent a message: checked before it is handled, and handed to whoever handles it. */
@NullMarked
package io.agentledger.store.identity;

import org.jspecify.annotations.NullMarked;
