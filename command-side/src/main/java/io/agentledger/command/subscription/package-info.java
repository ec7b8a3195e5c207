/** Subscriptions: their configuration, the collection of events, and the jobs that send them. */
@NullMarked
package io.agentledger.command.subscription;

import org.jspecify.annotations.NullMarked;
