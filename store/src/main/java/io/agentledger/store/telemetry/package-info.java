/** Logging context and metrics of the messages on the buses. */
@NullMarked
package io.agentledger.store.telemetry;

import org.jspecify.annotations.NullMarked;
