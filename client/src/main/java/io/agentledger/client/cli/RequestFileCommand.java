package io.agentledger.client.cli;

import io.agentledger.client.AgentledgerClient;
import io.agentledger.client.support.ClientJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Command that sends a file with the body of a request, which is a JSON object. */
abstract class RequestFileCommand extends ServiceCommand {
  @Override
  final int execute(AgentledgerClient service, ConsoleOutput output) {
    var file = file();
    try {
      send(service, Files.readString(environment().workingDirectory().resolve(file)), output);
      return ExitCode.OK;
    } catch (IOException exception) {
      throw invalid("FILE: " + file + " cannot be read.");
    } catch (IllegalArgumentException exception) {
      throw invalid("FILE: " + file + " " + exception.getMessage() + ".");
    }
  }

  abstract Path file();

  /**
   * Sends the body, and prints the result.
   *
   * @throws IllegalArgumentException if it is not a JSON object
   */
  abstract void send(AgentledgerClient service, String body, ConsoleOutput output);

  /** Prints a body that such a command takes, without control characters. */
  static void printBody(Map<String, ?> body, ConsoleOutput output) {
    output.printLine(ClientJson.MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(body));
  }
}
