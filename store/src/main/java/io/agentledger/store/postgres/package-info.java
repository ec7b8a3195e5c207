/** PostgreSQL: the embedded server, and the roles of its users. */
@NullMarked
package io.agentledger.store.postgres;

import org.jspecify.annotations.NullMarked;
