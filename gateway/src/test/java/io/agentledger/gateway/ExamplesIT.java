package io.agentledger.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The examples print what lies beside them, against the whole house. That of the Java client is run
 * by {@code .ci/run}, which has the client's jars.
 */
class ExamplesIT {
  private static final ApiTestServer doors = ApiTestServer.sharedHouse();

  @ParameterizedTest
  @ValueSource(
      strings = {
        "curl/ask",
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
        "curl/template",
        "curl/workspace"
      })
  void anExampleOfCurlPrintsWhatLiesBesideIt(String example) throws Exception {
    run(example);
  }

  @ParameterizedTest
  @ValueSource(strings = {"node/converse", "node/watch"})
  void anExampleOfNodePrintsWhatLiesBesideIt(String example) throws Exception {
    run(example);
  }

  private static void run(String example) throws Exception {
    var builder =
        new ProcessBuilder(ApiTestServer.root().resolve("examples/run-all").toString(), example);
    builder.environment().put("AGENTLEDGER_URL", doors.uri("").toString());
    builder.environment().put("AGENTLEDGER_KEY", doors.key());
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
