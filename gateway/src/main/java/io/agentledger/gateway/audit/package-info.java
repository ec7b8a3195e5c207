/** The access audit at the door: read in pages, or taken away as a whole. */
@NullMarked
package io.agentledger.gateway.audit;

import org.jspecify.annotations.NullMarked;
