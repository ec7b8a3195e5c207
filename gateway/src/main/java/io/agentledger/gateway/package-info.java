/** The service's one executable: the doors to the outside, and nothing behind them. */
@NullMarked
package io.agentledger.gateway;

import org.jspecify.annotations.NullMarked;
