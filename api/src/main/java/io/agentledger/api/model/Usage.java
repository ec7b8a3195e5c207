package io.agentledger.api.model;

/**
 * Tokens of one or more model exchanges.
 *
 * @param inputTokens neither read from the prompt cache nor written to it
 * @param cacheWriteTokens written to the prompt cache for five minutes
 * @param longCacheWriteTokens written to the prompt cache for an hour
 */
public record Usage(
    long inputTokens,
    long outputTokens,
    long cacheReadTokens,
    long cacheWriteTokens,
    long longCacheWriteTokens) {
  public static final Usage ZERO = new Usage(0, 0, 0, 0, 0);

  public Usage plus(Usage other) {
    return new Usage(
        inputTokens + other.inputTokens,
        outputTokens + other.outputTokens,
        cacheReadTokens + other.cacheReadTokens,
        cacheWriteTokens + other.cacheWriteTokens,
        longCacheWriteTokens + other.longCacheWriteTokens);
  }
}
