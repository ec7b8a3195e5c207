package io.agentledger.gateway.mcp;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.agentledger.api.mcp.McpConnection;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How a server is reached, as a client says it, told apart by its {@code kind}. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
@JsonSubTypes({
  @JsonSubTypes.Type(value = ConnectionBody.Stdio.class, name = "stdio"),
  @JsonSubTypes.Type(value = ConnectionBody.Http.class, name = "http"),
  @JsonSubTypes.Type(value = ConnectionBody.Sse.class, name = "sse"),
})
sealed interface ConnectionBody {
  int ENTRIES_MAX = 64;
  int LENGTH_MAX = 4096;
  String ENTRIES = "must be at most 64 entries";
  String TEXT = "must be at most 4096 characters";
  String URL = "must be 1 to 2048 characters";

  /** Checked, or refused with the place in the body. */
  McpConnection toConnection(String pointer);

  /** See {@link McpConnection.Stdio}. */
  record Stdio(
      @NotBlank(message = "must not be blank") @Size(max = LENGTH_MAX, message = TEXT)
          String command,
      @Nullable @Size(max = ENTRIES_MAX, message = ENTRIES)
          List<@NotNull @Size(max = LENGTH_MAX, message = TEXT) String> args,
      @Nullable @Size(max = ENTRIES_MAX, message = ENTRIES)
          Map<String, @NotNull @Size(max = LENGTH_MAX, message = TEXT) String> env)
      implements ConnectionBody {
    @Override
    public McpConnection toConnection(String pointer) {
      var variables = env == null ? Map.<String, String>of() : env;
      variables.forEach(
          (name, value) -> {
            ConnectionRules.variable(pointer + "/env", name);
            ConnectionRules.noSecret(pointer + "/env/" + name, name, value);
          });
      ConnectionRules.program(pointer + "/command", command);
      return new McpConnection.Stdio(command, args == null ? List.of() : args, variables);
    }
  }

  /** See {@link McpConnection.Http}. */
  record Http(
      @NotBlank(message = URL) @Size(max = 2048, message = URL) String url,
      @Nullable @Size(max = ENTRIES_MAX, message = ENTRIES)
          Map<String, @NotNull @Size(max = LENGTH_MAX, message = TEXT) String> headers)
      implements ConnectionBody {
    @Override
    public McpConnection toConnection(String pointer) {
      return new McpConnection.Http(
          ConnectionRules.address(pointer + "/url", url),
          ConnectionRules.headers(pointer + "/headers", headers));
    }
  }

  /** See {@link McpConnection.Sse}. */
  record Sse(
      @NotBlank(message = URL) @Size(max = 2048, message = URL) String url,
      @Nullable @Size(max = ENTRIES_MAX, message = ENTRIES)
          Map<String, @NotNull @Size(max = LENGTH_MAX, message = TEXT) String> headers)
      implements ConnectionBody {
    @Override
    public McpConnection toConnection(String pointer) {
      return new McpConnection.Sse(
          ConnectionRules.address(pointer + "/url", url),
          ConnectionRules.headers(pointer + "/headers", headers));
    }
  }
}
