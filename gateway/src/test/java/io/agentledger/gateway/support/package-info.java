/** What every door needs, looked at alone. */
@NullMarked
package io.agentledger.gateway.support;

import org.jspecify.annotations.NullMarked;
