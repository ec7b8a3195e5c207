/** PostgreSQL: the embedded server and who may do what in it. */
@NullMarked
package io.agentledger.store.postgres;

import org.jspecify.annotations.NullMarked;
