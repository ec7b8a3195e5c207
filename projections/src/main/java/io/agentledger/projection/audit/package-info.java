/** The access audit: one row for every action of a user, including denied requests. */
@NullMarked
package io.agentledger.projection.audit;

import org.jspecify.annotations.NullMarked;
