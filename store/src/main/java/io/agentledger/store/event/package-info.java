/** Storage of events: writing, ordering, reading, notification after commits. */
@NullMarked
package io.agentledger.store.event;

import org.jspecify.annotations.NullMarked;
