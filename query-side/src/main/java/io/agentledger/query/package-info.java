/** Query side: handles queries from read models and from the event store. */
@NullMarked
package io.agentledger.query;

import org.jspecify.annotations.NullMarked;
