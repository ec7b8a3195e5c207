package io.agentledger.client.cli;

import io.agentledger.client.AgentledgerClient;
import io.agentledger.client.support.ClientConfig;
import io.agentledger.client.support.ServiceUnavailableException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * What the program was started in.
 *
 * @param terminal which of the three streams are terminals: any of {@code i}, {@code o}, {@code e}
 * @param folder where the person stands
 */
record CliEnvironment(
    Map<String, String> environment,
    InputStream in,
    PrintStream out,
    PrintStream err,
    String terminal,
    Path folder) {
  /** The script {@code agentledger}, which can start a service. */
  static final String LAUNCHER = "AGENTLEDGER_LAUNCHER";

  static CliEnvironment ofProcess() {
    return new CliEnvironment(
        System.getenv(),
        System.in,
        new PrintStream(System.out, true, StandardCharsets.UTF_8),
        new PrintStream(System.err, true, StandardCharsets.UTF_8),
        terminals(),
        Path.of("").toAbsolutePath());
  }

  /** The script knows better than the JDK, which only tells whether all of them are. */
  private static String terminals() {
    var known = System.getProperty("agentledger.terminal");
    if (known != null) return known;
    var console = System.console();
    return console != null && console.isTerminal() ? "ioe" : "";
  }

  ConsoleOutput screen() {
    var isTerminal = terminal.contains("o") && !"dumb".equals(environment.get("TERM"));
    return new ConsoleOutput(out, isTerminal, isTerminal && mayColour());
  }

  /** For what is not the answer: progress, warnings, errors. */
  ConsoleOutput errorOutput() {
    var isTerminal = terminal.contains("e") && !"dumb".equals(environment.get("TERM"));
    return new ConsoleOutput(err, isTerminal, isTerminal && mayColour());
  }

  boolean mayColour() {
    return environment.getOrDefault("NO_COLOR", "").isEmpty();
  }

  /** Empty when nobody can be asked. */
  Optional<ConsoleInput> keyboard() {
    if (!terminal.contains("i") || !terminal.contains("o")) return Optional.empty();
    return Optional.of(
        new ConsoleInput(new BufferedReader(new InputStreamReader(in, Charset.defaultCharset()))));
  }

  /** The service that runs. */
  ClientConfig service() {
    return ClientConfig.find(environment);
  }

  /** The service that runs and answers, or one that is started now. */
  ClientConfig serviceOrStart() {
    try {
      var clientConfig = service();
      try (var known = AgentledgerClient.at(clientConfig)) {
        known.status();
      }
      return clientConfig;
    } catch (ServiceUnavailableException none) {
      var launcher = environment.get(LAUNCHER);
      if (launcher == null || environment.containsKey(ClientConfig.URL)) throw none;
      start(launcher);
      return service();
    }
  }

  private static void start(String launcher) {
    try {
      // Its progress is on standard error; standard output belongs to the run.
      var process =
          new ProcessBuilder(launcher, "start")
              .inheritIO()
              .redirectInput(ProcessBuilder.Redirect.from(new java.io.File("/dev/null")))
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      if (process.waitFor() != 0)
        throw new ServiceUnavailableException("The service could not be started.");
    } catch (IOException broken) {
      throw new ServiceUnavailableException(
          "The service could not be started: " + broken.getMessage(), broken);
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw new ServiceUnavailableException("Interrupted while starting the service.", stopped);
    }
  }
}
