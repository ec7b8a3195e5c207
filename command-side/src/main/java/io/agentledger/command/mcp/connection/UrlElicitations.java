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
  private static final int ADDRESSES_MAX = 8;

  private UrlElicitations() {}

  /** None, if it said no for another reason. */
  static List<ElicitUrlRequest> parse(McpError said) {
    var error = said.getJsonRpcError();
    var found = new ArrayList<ElicitUrlRequest>();
    if (error.code() != REQUIRED || error.data() == null) return found;
    var wanted = JSON.valueToTree(error.data()).path("elicitations");
    for (var node : wanted)
      found.add(
          ElicitUrlRequest.builder(
                  node.path("message").asString(""),
                  node.path("url").asString(""),
                  node.path("elicitationId").asString(""))
              .build());
    return found.size() <= ADDRESSES_MAX ? found : List.of();
  }
}
