package io.agentledger.api.model;

/** Tokens of one or many model exchanges. */
public record Usage(
    long inputTokens,
    long outputTokens,
    long cacheReadTokens,
    long cacheWrite5mTokens,
    long cacheWrite1hTokens) {
  public static final Usage ZERO = new Usage(0, 0, 0, 0, 0);

  public Usage plus(Usage other) {
    return new Usage(
        inputTokens + other.inputTokens,
        outputTokens + other.outputTokens,
        cacheReadTokens + other.cacheReadTokens,
        cacheWrite5mTokens + other.cacheWrite5mTokens,
        cacheWrite1hTokens + other.cacheWrite1hTokens);
  }
}
