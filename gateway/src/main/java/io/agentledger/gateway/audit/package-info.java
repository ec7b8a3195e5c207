/** The access audit over REST: in pages, or exported as a whole. */
@NullMarked
package io.agentledger.gateway.audit;

import org.jspecify.annotations.NullMarked;
