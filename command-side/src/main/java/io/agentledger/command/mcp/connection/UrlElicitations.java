package io.agentledger.command.mcp.connection;

import io.agentledger.store.support.UntrustedJson;
import io.modelcontextprotocol.spec.McpError;
import io.modelcontextprotocol.spec.McpSchema.ElicitUrlRequest;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.json.JsonMapper;

/** Parses the URLs that a server requires the user to open before it executes a call. */
final class UrlElicitations {
  private static final JsonMapper JSON = UntrustedJson.MAPPER;
  private static final int REQUIRED = -32042;
  private static final int URLS_MAX = 8;

  private UrlElicitations() {}

  /** Returns the requests; none if the error has another reason. */
  static List<ElicitUrlRequest> parse(McpError mcpError) {
    var error = mcpError.getJsonRpcError();
    var requests = new ArrayList<ElicitUrlRequest>();
    if (error.code() != REQUIRED || error.data() == null) return requests;
    var elicitations = JSON.valueToTree(error.data()).path("elicitations");
    for (var node : elicitations)
      requests.add(
          ElicitUrlRequest.builder(
                  node.path("message").asString(""),
                  node.path("url").asString(""),
                  node.path("elicitationId").asString(""))
              .build());
    return requests.size() <= URLS_MAX ? requests : List.of();
  }
}
