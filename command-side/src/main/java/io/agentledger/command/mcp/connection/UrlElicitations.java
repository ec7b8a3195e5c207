package io.agentledger.command.mcp.connection;

import io.modelcontextprotocol.spec.McpError;
import io.modelcontextprotocol.spec.McpSchema.ElicitUrlRequest;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.json.JsonMapper;

/** The addresses that a server wants the user to open before it does what it was called for. */
final class UrlElicitations {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final int REQUIRED = -32042;
  private static final int URLS_MAX = 8;

  private UrlElicitations() {}

  /** None, if it said no for another reason. */
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
