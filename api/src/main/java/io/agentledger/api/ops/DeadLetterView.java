package io.agentledger.api.ops;

import java.time.Instant;

/** An event that a projection could not process, with the error. */
public record DeadLetterView(
    String id, String projection, String sequence, String event, String cause, Instant since) {}
