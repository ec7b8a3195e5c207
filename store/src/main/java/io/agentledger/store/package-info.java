/** Storage that several modules share: event store, sealed content, database and home directory. */
@NullMarked
package io.agentledger.store;

import org.jspecify.annotations.NullMarked;
