package io.agentledger.command.channel;

import java.time.Instant;

/** Enqueues the job of a queue of received items in the caller's transaction. */
@FunctionalInterface
interface InboundJobs {
  void enqueue(String queue, Instant due);
}
