/** What the sides tell of the messages that they handle, to logs and to those who measure. */
@NullMarked
package io.agentledger.store.telemetry;

import org.jspecify.annotations.NullMarked;
