package io.agentledger.gateway.mcp;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.agentledger.api.mcp.McpConnection;
import io.agentledger.api.shared.Discriminated;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Connection to an MCP server as clients describe it, by its {@code type}. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = Discriminated.PROPERTY)
@JsonSubTypes({
  @JsonSubTypes.Type(value = McpConnectionRequest.Stdio.class, name = "stdio"),
  @JsonSubTypes.Type(value = McpConnectionRequest.Http.class, name = "http"),
  @JsonSubTypes.Type(value = McpConnectionRequest.Sse.class, name = "sse"),
})
public sealed interface McpConnectionRequest {
  int ENTRIES_MAX = 64;
  int LENGTH_MAX = 4096;
  String ENTRIES_RULE = "must be at most 64 entries";
  String TEXT_RULE = "must be at most 4096 characters";
  String URL_RULE = "must be 1 to 2048 characters";

  /** Validates the connection; errors have the given position in the body. */
  McpConnection toConnection(String pointer);

  /** See {@link McpConnection.Stdio}. */
  record Stdio(
      @NotBlank(message = "must not be blank") @Size(max = LENGTH_MAX, message = TEXT_RULE)
          String command,
      @Nullable @Size(max = ENTRIES_MAX, message = ENTRIES_RULE)
          List<@NotNull @Size(max = LENGTH_MAX, message = TEXT_RULE) String> args,
      @Nullable @Size(max = ENTRIES_MAX, message = ENTRIES_RULE)
          Map<String, @NotNull @Size(max = LENGTH_MAX, message = TEXT_RULE) String> env)
      implements McpConnectionRequest {
    @Override
    public McpConnection toConnection(String pointer) {
      var variables = env == null ? Map.<String, String>of() : env;
      variables.forEach(
          (name, value) -> {
            McpConnectionValidator.checkVariableName(pointer + "/env", name);
            McpConnectionValidator.checkNoPlainSecret(pointer + "/env/" + name, name, value);
          });
      McpConnectionValidator.checkCommand(pointer + "/command", command);
      return new McpConnection.Stdio(
          command, McpConnectionValidator.checkArguments(pointer + "/args", args), variables);
    }
  }

  /** See {@link McpConnection.Http}. */
  record Http(
      @NotBlank(message = URL_RULE) @Size(max = 2048, message = URL_RULE) String url,
      @Nullable @Size(max = ENTRIES_MAX, message = ENTRIES_RULE)
          Map<String, @NotNull @Size(max = LENGTH_MAX, message = TEXT_RULE) String> headers)
      implements McpConnectionRequest {
    @Override
    public McpConnection toConnection(String pointer) {
      return new McpConnection.Http(
          McpConnectionValidator.checkUrl(pointer + "/url", url),
          McpConnectionValidator.checkHeaders(pointer + "/headers", headers));
    }
  }

  /** See {@link McpConnection.Sse}. */
  record Sse(
      @NotBlank(message = URL_RULE) @Size(max = 2048, message = URL_RULE) String url,
      @Nullable @Size(max = ENTRIES_MAX, message = ENTRIES_RULE)
          Map<String, @NotNull @Size(max = LENGTH_MAX, message = TEXT_RULE) String> headers)
      implements McpConnectionRequest {
    @Override
    public McpConnection toConnection(String pointer) {
      return new McpConnection.Sse(
          McpConnectionValidator.checkUrl(pointer + "/url", url),
          McpConnectionValidator.checkHeaders(pointer + "/headers", headers));
    }
  }
}
