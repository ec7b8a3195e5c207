package io.agentledger.api.ops;

/** What operators wish of projections. */
public sealed interface OpsCommand {
  /** Empties a projection and fills it again from the first event, while queries are served. */
  record ReplayProjection(String projection) implements OpsCommand {}

  /** Tries a projection's dead letters again. */
  record RetryDeadLetters(String projection) implements OpsCommand {}
}
