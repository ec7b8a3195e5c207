package io.agentledger.api.ops;

import io.agentledger.api.identity.Needs;
import io.agentledger.api.identity.Scope;
import io.agentledger.api.shared.PageRequest;

/** What operators ask about projections. */
public sealed interface OpsQuery {
  /** Answered with a list of {@link ProjectionView}. */
  @Needs(Scope.OPS_READ)
  record ListProjections() implements OpsQuery {}

  /** Answered with a page of {@link DeadLetterView}. */
  @Needs(Scope.OPS_READ)
  record ListDeadLetters(String projection, PageRequest page) implements OpsQuery {}
}
