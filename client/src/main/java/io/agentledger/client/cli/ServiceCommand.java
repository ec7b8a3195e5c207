package io.agentledger.client.cli;

import io.agentledger.client.AgentledgerClient;
import io.agentledger.client.support.AtomicFile;
import io.agentledger.client.support.ServiceUnavailableException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Command that calls the running service and prints the result. */
abstract class ServiceCommand implements Callable<Integer> {
  static final Path STANDARD_OUTPUT = Path.of("-");

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it before it calls.
  CommandSpec spec;

  final CliEnvironment environment() {
    return ((AgentledgerCli) spec.root().userObject()).environment();
  }

  @Override
  public final Integer call() {
    try (var service = environment().connect();
        var output = environment().standardOutput()) {
      return execute(service, output);
    }
  }

  /** Returns the exit status of the program. */
  abstract int execute(AgentledgerClient service, ConsoleOutput output);

  /**
   * Copies a response to a new file, which only its owner can read, as a whole or not at all.
   *
   * @param option option that names the file
   */
  final void copyToFile(InputStream content, String option, Path target) throws IOException {
    writeFile(option, target, file -> AtomicFile.write(file, content::transferTo));
  }

  /** Fails as a usage error if there is a file of the name, or no folder for it. */
  final void checkNew(String option, Path target) {
    checkFolder(option, target);
    if (Files.exists(environment().workingDirectory().resolve(target), LinkOption.NOFOLLOW_LINKS))
      throw invalid("There is a file " + target + " already; choose another name.");
  }

  /** Fails as a usage error if the folder of the file does not exist. */
  final void checkFolder(String option, Path target) {
    var folder = environment().workingDirectory().resolve(target).getParent();
    if (folder != null && !Files.isDirectory(folder))
      throw invalid(option + ": the folder of " + target + " does not exist.");
  }

  /** Writes text to standard output; a terminal shows it without its control characters. */
  final void copyToStandardOutput(InputStream text, ConsoleOutput output) throws IOException {
    if (output.isTerminal()) {
      var lines = new BufferedReader(new InputStreamReader(text, StandardCharsets.UTF_8));
      for (String line = lines.readLine(); line != null; line = lines.readLine())
        output.printLine(TextStyle.PLAIN, line);
    } else {
      text.transferTo(environment().out());
      environment().out().flush();
    }
  }

  /** Writes a file, whose path is absolute. */
  interface FileWriter {
    void write(Path file) throws IOException;
  }

  /**
   * Writes a file; fails as a usage error if that is not possible at this path.
   *
   * @param option option that names the file
   */
  final void writeFile(String option, Path target, FileWriter writer) throws IOException {
    try {
      writer.write(environment().workingDirectory().resolve(target));
    } catch (FileAlreadyExistsException exception) {
      throw invalid("There is a file " + target + " already.");
    } catch (NoSuchFileException exception) {
      throw invalid(option + ": the folder of " + target + " does not exist.");
    } catch (AccessDeniedException exception) {
      throw invalid(option + ": " + target + " may not be written.");
    } catch (FileSystemException exception) {
      throw invalid(option + ": " + target + " cannot be written: " + exception.getReason());
    }
  }

  static ServiceUnavailableException copyFailed(IOException exception) {
    return new ServiceUnavailableException(
        "The file could not be copied: " + exception.getMessage(), exception);
  }

  final ParameterException invalid(String message) {
    return new ParameterException(spec.commandLine(), message);
  }
}
