package io.agentledger.gateway.mcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentledger.gateway.support.problem.InvalidRequestException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Connections are stored and shown in clear, so credentials are refused wherever they are. */
class McpConnectionRequestTest {
  private static final String TOKEN = "ghp_" + "a".repeat(36);

  private static void assertRefused(McpConnectionRequest request, String pointer) {
    assertThatThrownBy(() -> request.toConnection("/connection"))
        .isInstanceOfSatisfying(
            InvalidRequestException.class,
            e -> {
              var error = e.errors().getFirst();
              assertThat(error.pointer()).isEqualTo("/connection" + pointer);
              assertThat(error.detail()).contains("a GitHub token", "${vault:<id>/<name>}");
              assertThat(error.detail()).doesNotContain(TOKEN);
            });
  }

  private static McpConnectionRequest stdio(List<String> args, Map<String, String> env) {
    return new McpConnectionRequest.Stdio("node", args, env);
  }

  @Test
  void credentialInAnArgumentIsRefused() {
    assertRefused(stdio(List.of("server.js", "--auth=" + TOKEN), Map.of()), "/args/1");
  }

  @Test
  void credentialInAVariableWithAnyNameIsRefused() {
    assertRefused(stdio(List.of(), Map.of("GH", TOKEN)), "/env/GH");
    assertRefused(stdio(List.of(), Map.of("GH", "${OTHER:-" + TOKEN + "}")), "/env/GH");
  }

  @Test
  void credentialInAHeaderOrUrlIsRefused() {
    var url = "https://mcp.example.com/mcp";
    assertRefused(new McpConnectionRequest.Http(url, Map.of("X-Team", TOKEN)), "/headers/X-Team");
    assertRefused(new McpConnectionRequest.Sse(url + "?key=" + TOKEN, Map.of()), "/url");
  }

  @Test
  void referencesAndOrdinaryValuesAreAccepted() {
    var request =
        stdio(
            List.of("server.js", "--max-tokens=100"),
            Map.of("API_KEY", "${vault:vlt_2222222222/key}", "REGION", "eu"));
    assertThat(request.toConnection("/connection")).isNotNull();
  }
}
