/** Keeps what several sides need: the event store, sealed content, the database and its home. */
@NullMarked
package io.agentledger.store;

import org.jspecify.annotations.NullMarked;
