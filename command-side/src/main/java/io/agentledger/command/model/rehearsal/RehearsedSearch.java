package io.agentledger.command.model.rehearsal;

import io.agentledger.command.model.rehearsal.ScriptedResponse.Block;
import io.agentledger.store.support.UntrustedJson;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;

/**
 * Web search of the rehearsal, which has results of its own and reaches no network.
 *
 * @param domains domains that the results have
 */
record RehearsedSearch(String query, List<String> domains) {
  private static final String TOOL = "web_search";
  private static final String PROMPT = "Perform a web search for the query: ";
  private static final int RESULT_COUNT = 3;

  /** Returns the search that the request is; empty if it is none. */
  static Optional<RehearsedSearch> find(ConversationView conversation) {
    return conversation
        .tool(TOOL)
        .filter(tool -> tool.path("type").asString("").startsWith(TOOL))
        .map(
            tool ->
                new RehearsedSearch(
                    conversation.prompt().replaceFirst("^" + PROMPT, ""),
                    texts(tool.path("allowed_domains"))));
  }

  private static List<String> texts(JsonNode domains) {
    return domains.valueStream().map(domain -> domain.asString("")).toList();
  }

  /** Returns the blocks of the response. */
  List<Block> blocks(String id) {
    var input = UntrustedJson.MAPPER.createObjectNode().put("query", query);
    var text = "A rehearsed search for “" + query + "” found " + RESULT_COUNT + " pages.";
    return List.of(
        new Block.ServerToolUse(id, TOOL, input),
        new Block.SearchResults(
            id, IntStream.rangeClosed(1, RESULT_COUNT).mapToObj(this::result).toList()),
        new Block.Text(text));
  }

  private Block.SearchResult result(int number) {
    var domain = domains.isEmpty() ? "example.com" : domains.get((number - 1) % domains.size());
    var path = URLEncoder.encode(query, StandardCharsets.UTF_8);
    return new Block.SearchResult(
        "Rehearsed page " + number + " about " + query,
        "https://" + domain + "/rehearsal/" + path + "/" + number);
  }
}
