package io.agentledger.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The examples print their expected output, against the whole service. The Java client's is run by
 * {@code .ci/run}, which has the client's jars.
 */
@Tag("exhaustive")
class ExamplesIT {
  private static final ApiTestServer server = ApiTestServer.sharedService();

  @ParameterizedTest
  @ValueSource(
      strings = {
        "curl/ask",
        "curl/agent",
        "curl/brain",
        "curl/branch",
        "curl/client-tool",
        "curl/environment",
        "curl/files",
        "curl/hook",
        "curl/mcp",
        "curl/options",
        "curl/permission",
        "curl/policy",
        "curl/progress",
        "curl/task",
        "curl/template",
        "curl/workspace"
      })
  void curlExamplePrintsItsExpectedOutput(String example) throws Exception {
    run(example);
  }

  @ParameterizedTest
  @ValueSource(strings = {"node/converse", "node/watch"})
  void nodeExamplePrintsItsExpectedOutput(String example) throws Exception {
    run(example);
  }

  private static void run(String example) throws Exception {
    var builder =
        new ProcessBuilder(ApiTestServer.root().resolve("examples/run-all").toString(), example);
    builder.environment().put("AGENTLEDGER_URL", server.uri("").toString());
    builder.environment().put("AGENTLEDGER_KEY", server.key());
    var process = builder.redirectErrorStream(true).start();
    try (var output = process.inputReader()) {
      var text = output.readAllAsString();
      assertThat(process.waitFor(3, TimeUnit.MINUTES)).isTrue();
      assertThat(process.exitValue()).as(text).isZero();
      assertThat(text).contains("ok      " + example);
    } finally {
      process.destroyForcibly();
    }
  }
}
