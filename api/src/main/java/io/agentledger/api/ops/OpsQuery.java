package io.agentledger.api.ops;

import io.agentledger.api.shared.PageRequest;

/** What operators ask about projections. */
public sealed interface OpsQuery {
  /** Answered with a list of {@link ProjectionView}. */
  record ListProjections() implements OpsQuery {}

  /** Answered with a page of {@link DeadLetterView}. */
  record ListDeadLetters(String projection, PageRequest page) implements OpsQuery {}
}
