/** What every door needs: the way to the buses, JSON, problems, who is asking. */
@NullMarked
package io.agentledger.gateway.support;

import org.jspecify.annotations.NullMarked;
