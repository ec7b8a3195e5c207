package io.agentledger.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentledger.store.NpmPackages;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs the script in {@code src/test/js}; installs its packages if they are missing. */
final class NodeScript {
  private static final Path DIRECTORY = Path.of("src/test/js").toAbsolutePath();

  private NodeScript() {}

  static List<String> execute(String key, String... arguments) throws Exception {
    NpmPackages.install(DIRECTORY);
    var command = new ArrayList<>(List.of("node", "read.js"));
    command.addAll(List.of(arguments));
    var node = new ProcessBuilder(command);
    node.environment().put("AGENTLEDGER_KEY", key);
    return finish(node).lines().toList();
  }

  /** Signs a webhook with the packages of the vendors; returns the headers with the signature. */
  static List<String> sign(String scheme, String secret, Path body) throws Exception {
    NpmPackages.install(DIRECTORY);
    var node = new ProcessBuilder("node", "sign.js", scheme, body.toString());
    node.environment().put("WEBHOOK_SECRET", secret);
    return finish(node).lines().toList();
  }

  private static String finish(ProcessBuilder builder) throws Exception {
    var process = builder.directory(DIRECTORY.toFile()).redirectErrorStream(true).start();
    try (var output = process.inputReader()) {
      var text = output.readAllAsString();
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
      assertThat(process.exitValue()).as(text).isZero();
      return text;
    } finally {
      process.destroyForcibly();
    }
  }
}
