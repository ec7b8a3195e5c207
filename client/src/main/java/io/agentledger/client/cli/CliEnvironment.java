package io.agentledger.client.cli;

import io.agentledger.client.AgentledgerClient;
import io.agentledger.client.support.ClientConfig;
import io.agentledger.client.support.ServiceUnavailableException;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import org.jline.terminal.impl.DumbTerminal;

/**
 * Environment that the program was started in: variables, streams and working directory.
 *
 * @param terminalStreams the streams that are terminals: any of {@code i}, {@code o}, {@code e}
 * @param workingDirectory the user's working directory
 */
record CliEnvironment(
    Map<String, String> variables,
    InputStream in,
    PrintStream out,
    PrintStream err,
    String terminalStreams,
    Path workingDirectory) {
  /** The script {@code agentledger}, which can start a service. */
  static final String LAUNCHER_VARIABLE = "AGENTLEDGER_LAUNCHER";

  /** The script as the user invoked it; for commands that are shown to the user. */
  static final String COMMAND_VARIABLE = "AGENTLEDGER_COMMAND";

  static CliEnvironment ofProcess() {
    return new CliEnvironment(
        System.getenv(),
        System.in,
        new PrintStream(System.out, true, StandardCharsets.UTF_8),
        new PrintStream(System.err, true, StandardCharsets.UTF_8),
        detectTerminals(),
        Path.of("").toAbsolutePath());
  }

  /**
   * Returns the terminal streams that the script detected; the JDK only reports whether all of them
   * are terminals.
   */
  private static String detectTerminals() {
    var terminals = System.getProperty("agentledger.terminal");
    if (terminals != null) return terminals;
    var console = System.console();
    return console != null && console.isTerminal() ? "ioe" : "";
  }

  ConsoleOutput standardOutput() {
    return output(out, "o");
  }

  /** Returns the output for progress, warnings and errors. */
  ConsoleOutput errorOutput() {
    return output(err, "e");
  }

  private ConsoleOutput output(PrintStream stream, String name) {
    var isTerminal = terminalStreams.contains(name) && !"dumb".equals(variables.get("TERM"));
    var size = System.getProperty("agentledger.size", "").split(" ");
    var console = new ConsoleOutput(stream, isTerminal, isTerminal && hasColours());
    if (size.length != 2 || !size[0].matches("[1-9]\\d{0,3}") || !size[1].matches("[1-9]\\d{0,3}"))
      return console;
    return console.withSize(() -> Integer.parseInt(size[1]), () -> Integer.parseInt(size[0]));
  }

  boolean hasColours() {
    return variables.getOrDefault("NO_COLOR", "").isEmpty();
  }

  /** Reads standard input to its end. */
  String readInput() throws IOException {
    return new String(in.readAllBytes(), StandardCharsets.UTF_8);
  }

  /** Returns the input for questions to the user; empty without a terminal. */
  Optional<ConsoleInput> openInput() {
    if (!terminalStreams.contains("i") || !terminalStreams.contains("o")) return Optional.empty();
    return Optional.of(new ConsoleInput(this::openTerminal));
  }

  /** The program handles signals itself: an interrupt has another meaning during a run. */
  private Terminal openTerminal() throws IOException {
    if (in != System.in) return new DumbTerminal(in, out);
    return TerminalBuilder.builder().system(true).dumb(true).nativeSignals(false).build();
  }

  /** Returns whether the service runs on this machine, so that it can read folders of it. */
  boolean isLocalService() {
    var url = variables.getOrDefault(ClientConfig.URL_VARIABLE, "");
    return url.isBlank() || url.matches("https?://(localhost|127\\.0\\.0\\.1|\\[::1])([:/].*)?");
  }

  /** Returns the home directory of the service; empty for one that is named by its address. */
  Optional<String> localHome() {
    return variables.getOrDefault(ClientConfig.URL_VARIABLE, "").isBlank()
        ? Optional.ofNullable(variables.get(ClientConfig.HOME_VARIABLE))
        : Optional.empty();
  }

  /** Returns the command that starts this program, as the user typed it. */
  String command() {
    return variables.getOrDefault(COMMAND_VARIABLE, "agentledger");
  }

  /** Finds the running service. */
  private ClientConfig findService() {
    return ClientConfig.fromEnvironment(variables);
  }

  /** Starts a service, unless one is running. */
  void ensureService() {
    try (var client = connect()) {
      client.status();
    } catch (ServiceUnavailableException exception) {
      var launcher = variables.get(LAUNCHER_VARIABLE);
      if (launcher == null || variables.containsKey(ClientConfig.URL_VARIABLE)) throw exception;
      startService(launcher);
    }
  }

  /** Creates a client of the running service, which it finds again after a restart. */
  AgentledgerClient connect() {
    return AgentledgerClient.create(this::findService);
  }

  private static void startService(String launcher) {
    try {
      // The script prints its progress on standard error; standard output belongs to the run.
      var process =
          new ProcessBuilder(launcher, "start")
              .inheritIO()
              .redirectInput(ProcessBuilder.Redirect.from(new java.io.File("/dev/null")))
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      if (process.waitFor() != 0)
        throw new ServiceUnavailableException("The service could not be started.");
    } catch (IOException exception) {
      throw new ServiceUnavailableException(
          "The service could not be started: " + exception.getMessage(), exception);
    } catch (InterruptedException exception) {
      Thread.currentThread().interrupt();
      throw new ServiceUnavailableException("Interrupted while starting the service.", exception);
    }
  }
}
