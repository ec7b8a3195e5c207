package io.agentledger.command.model.usage;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.agentledger.api.model.Usage;
import tools.jackson.databind.JsonNode;

/**
 * Token usage of one exchange as the API counts it. {@code inputTokens} excludes tokens read from
 * or written to the cache; {@code fast} says that the more expensive fast mode answered.
 */
public record TokenUsage(
    long inputTokens,
    long outputTokens,
    long cacheReadTokens,
    @JsonProperty("cache_write_5m_tokens") long cacheWriteTokens,
    @JsonProperty("cache_write_1h_tokens") long longCacheWriteTokens,
    long webSearches,
    long webFetches,
    boolean fast) {

  public static final TokenUsage NONE = new TokenUsage(0, 0, 0, 0, 0, 0, 0, false);

  /** This usage with what {@code node}, an API usage object, says newer; what it omits stays. */
  public TokenUsage updatedBy(JsonNode node) {
    long written =
        count(node, "cache_creation_input_tokens", cacheWriteTokens + longCacheWriteTokens);
    long hour =
        Math.min(
            count(node.path("cache_creation"), "ephemeral_1h_input_tokens", longCacheWriteTokens),
            written);
    JsonNode server = node.path("server_tool_use");
    return new TokenUsage(
        count(node, "input_tokens", inputTokens),
        count(node, "output_tokens", outputTokens),
        count(node, "cache_read_input_tokens", cacheReadTokens),
        written - hour,
        hour,
        count(server, "web_search_requests", webSearches),
        count(server, "web_fetch_requests", webFetches),
        fast || "fast".equals(node.path("speed").asString("")));
  }

  /**
   * This usage with at least {@code tokens} of output: what an exchange that was cut had produced.
   */
  public TokenUsage withOutputOfAtLeast(long tokens) {
    return new TokenUsage(
        inputTokens,
        Math.max(outputTokens, tokens),
        cacheReadTokens,
        cacheWriteTokens,
        longCacheWriteTokens,
        webSearches,
        webFetches,
        fast);
  }

  /** The tokens, as the published language counts them. */
  public Usage tokens() {
    return new Usage(
        inputTokens, outputTokens, cacheReadTokens, cacheWriteTokens, longCacheWriteTokens);
  }

  /** A count from outside: absent or not a number keeps what was known, negative counts as zero. */
  private static long count(JsonNode node, String field, long known) {
    JsonNode value = node.path(field);
    return value.isIntegralNumber() ? Math.max(0, value.asLong()) : known;
  }
}
