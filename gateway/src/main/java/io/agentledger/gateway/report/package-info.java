/** Reports over REST and RSocket. */
@NullMarked
package io.agentledger.gateway.report;

import org.jspecify.annotations.NullMarked;
