package io.agentledger.command.model;

import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * Permission for one web search at the model API, while the WebSearch call that it belongs to is in
 * progress.
 *
 * @param allowedDomains domains of the results; empty: any
 * @param blockedDomains domains that results must not have
 */
public record WebSearchPermit(
    String query, List<String> allowedDomains, List<String> blockedDomains) {
  public WebSearchPermit {
    allowedDomains = List.copyOf(allowedDomains);
    blockedDomains = List.copyOf(blockedDomains);
  }

  /** Returns the permit for the input of a WebSearch call. */
  public static WebSearchPermit of(JsonNode input) {
    return new WebSearchPermit(
        input.path("query").asString(""),
        texts(input.path("allowed_domains")),
        texts(input.path("blocked_domains")));
  }

  static List<String> texts(JsonNode array) {
    return array.valueStream().map(item -> item.asString("")).toList();
  }
}
