package io.agentledger.command.model.usage;

import com.fasterxml.jackson.annotation.JsonProperty;
import tools.jackson.databind.JsonNode;

/**
 * The tokens of one exchange as the API counts them. {@code inputTokens} excludes what was read
 * from or written to the cache; {@code fast} says that the dearer fast mode answered.
 */
public record Usage(
    long inputTokens,
    long outputTokens,
    long cacheReadTokens,
    @JsonProperty("cache_write_5m_tokens") long cacheWrite5mTokens,
    @JsonProperty("cache_write_1h_tokens") long cacheWrite1hTokens,
    long webSearches,
    long webFetches,
    boolean fast) {

  public static final Usage NONE = new Usage(0, 0, 0, 0, 0, 0, 0, false);

  /** This usage with what {@code node}, an API usage object, says newer; what it omits stays. */
  public Usage updatedBy(JsonNode node) {
    long written =
        count(node, "cache_creation_input_tokens", cacheWrite5mTokens + cacheWrite1hTokens);
    long hour =
        Math.min(
            count(node.path("cache_creation"), "ephemeral_1h_input_tokens", cacheWrite1hTokens),
            written);
    JsonNode server = node.path("server_tool_use");
    return new Usage(
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
  public Usage withOutputOfAtLeast(long tokens) {
    return new Usage(
        inputTokens,
        Math.max(outputTokens, tokens),
        cacheReadTokens,
        cacheWrite5mTokens,
        cacheWrite1hTokens,
        webSearches,
        webFetches,
        fast);
  }

  /** A count from outside: absent or not a number keeps what was known, negative counts as zero. */
  private static long count(JsonNode node, String field, long known) {
    JsonNode value = node.path(field);
    return value.isIntegralNumber() ? Math.max(0, value.asLong()) : known;
  }
}
