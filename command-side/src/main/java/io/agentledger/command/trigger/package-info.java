/** Triggers: receive webhooks, and start executions of tasks for them. */
@NullMarked
package io.agentledger.command.trigger;

import org.jspecify.annotations.NullMarked;
