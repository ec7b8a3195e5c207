package io.agentledger.command.model.usage;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.agentledger.api.model.Usage;
import tools.jackson.databind.JsonNode;

/**
 * Token usage of one exchange as the API counts it. {@code inputTokens} excludes tokens read from
 * or written to the cache; {@code fast} is set if the more expensive fast mode responded.
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

  /** Returns a copy updated by an API usage object; fields that it omits are unchanged. */
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

  /** Returns a copy with at least this number of output tokens, for an exchange that was cut. */
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

  /** Returns the tokens as the API type. */
  public Usage tokens() {
    return new Usage(
        inputTokens, outputTokens, cacheReadTokens, cacheWriteTokens, longCacheWriteTokens);
  }

  /**
   * Reads an untrusted count: if it is missing or not a long number, the known one is returned; a
   * negative one counts as zero.
   */
  private static long count(JsonNode node, String field, long known) {
    JsonNode value = node.path(field);
    return value.canConvertToLong() && value.isIntegralNumber()
        ? Math.max(0, value.asLong())
        : known;
  }
}
