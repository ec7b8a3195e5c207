package io.agentledger.gateway.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentledger.gateway.ApiTestServer;
import org.junit.jupiter.api.Test;

/**
 * Runs {@code .ci/api-lint/run}. It is started by hand, because it takes longer than the other
 * tests of documents: {@code -Dtest=ApiDocumentLint}.
 */
class ApiDocumentLint {
  @Test
  void othersLintersAndTheTypeScriptCompilerReportNothing() throws Exception {
    var script = ApiTestServer.root().resolve(".ci/api-lint/run").toString();
    var process = new ProcessBuilder(script).redirectErrorStream(true).start();
    try (var output = process.inputReader()) {
      var text = output.readAllAsString();
      assertThat(process.waitFor()).as(text).isZero();
    } finally {
      process.destroyForcibly();
    }
  }
}
