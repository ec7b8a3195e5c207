package io.agentledger.command.claude.runner;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.agentledger.api.mcp.McpConnection;
import io.agentledger.api.mcp.McpServerCommand.RegisterMcpServer;
import io.agentledger.api.mcp.McpServerEvent.McpServerCheckFailed;
import io.agentledger.api.mcp.McpServerId;
import io.agentledger.api.vault.SecretValue;
import io.agentledger.api.vault.VaultCommand.CreateVault;
import io.agentledger.api.vault.VaultCommand.PutSecret;
import io.agentledger.api.vault.VaultId;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The reason why an MCP server cannot be used is shown in words. */
class McpFailureIT extends McpServerTestSupport {
  private String failureOf(McpConnection connection) {
    var id = McpServerId.next();
    send(new RegisterMcpServer(id, ADA.user(), "everything", connection, null));
    await().atMost(40, SECONDS).until(() -> !events(id, McpServerCheckFailed.class).isEmpty());
    return events(id, McpServerCheckFailed.class).getLast().reason();
  }

  private static McpConnection http(boolean stream) {
    return stream
        ? new McpConnection.Sse(url(), Map.of())
        : new McpConnection.Http(url(), Map.of());
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void refusedCredentialIsNamed(boolean stream) {
    status = 401;
    assertThat(failureOf(http(stream)))
        .isEqualTo(
            "it requires a valid credential (HTTP status 401): check the secret in its headers");
    status = 403;
    assertThat(failureOf(http(stream)))
        .isEqualTo("its credential is not sufficient (HTTP status 403)");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void pageThatIsNotAServerIsNamed(boolean stream) {
    status = 404;
    assertThat(failureOf(http(stream)))
        .isEqualTo("it does not speak MCP at this address: it responded with HTTP status 404");
  }

  @Test
  void lastErrorLineOfAnEndedProgramIsShownWithoutItsSecrets() throws IOException {
    var vault = VaultId.next();
    send(new CreateVault(vault, ADA.user(), "a vault", null));
    send(new PutSecret(vault, "key", new SecretValue.EnvironmentVariable("API_KEY", "s3cret")));
    var program =
        McpServerProgram.create(
            "console.error('Error: key ' + process.env.API_KEY + ' refused'); process.exit(7);");
    var connection =
        new McpConnection.Stdio(
            "node",
            List.of(program.file().toString()),
            Map.of("API_KEY", "${vault:" + vault + "/key}"));
    assertThat(failureOf(connection))
        .isEqualTo("its program has ended with exit status 7: Error: key [hidden] refused");
  }

  @Test
  void programThatWritesAnythingElseDoesNotSpeakMcp() throws IOException {
    var program = McpServerProgram.create("console.log('Welcome!'); setInterval(() => {}, 1000);");
    assertThat(failureOf(program.connection()))
        .isEqualTo("it does not speak MCP: its program wrote a line that is not JSON");
  }

  @Test
  void programOutsideOfThePermittedDirectoriesNamesTheSetting() {
    assertThat(failureOf(new McpConnection.Stdio("/opt/own/server", List.of(), Map.of())))
        .isEqualTo(
            "its program /opt/own/server is not permitted: it is in no directory of the setting"
                + " agentledger.mcp.programs");
    assertThat(failureOf(new McpConnection.Stdio("node", List.of("/opt/own/server.js"), Map.of())))
        .startsWith("its program has ended with exit status 1: Error: Cannot find module")
        .endsWith(
            "; /opt/own/server.js is in no directory of the setting agentledger.mcp.programs");
  }

  @Test
  void programThatDoesNotExistIsNamed() {
    assertThat(failureOf(new McpConnection.Stdio("no-such-program", List.of(), Map.of())))
        .contains("no-such-program");
  }
}
