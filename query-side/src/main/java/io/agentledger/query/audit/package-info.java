/** Queries about the access audit. */
@NullMarked
package io.agentledger.query.audit;

import org.jspecify.annotations.NullMarked;
