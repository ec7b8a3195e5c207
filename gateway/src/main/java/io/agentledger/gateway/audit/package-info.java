/** The access audit over REST: paged or exported as a whole. */
@NullMarked
package io.agentledger.gateway.audit;

import org.jspecify.annotations.NullMarked;
