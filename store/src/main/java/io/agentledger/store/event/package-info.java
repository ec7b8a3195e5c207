/** Events: how they are written, ordered, read, and heard as soon as they are committed. */
@NullMarked
package io.agentledger.store.event;

import org.jspecify.annotations.NullMarked;
