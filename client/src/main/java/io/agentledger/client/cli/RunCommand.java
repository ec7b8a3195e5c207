package io.agentledger.client.cli;

import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.command.SubmitResult;
import io.agentledger.client.AgentledgerClient;
import io.agentledger.client.session.SessionInput;
import io.agentledger.client.support.ApiException;
import io.agentledger.client.support.ServiceUnavailableException;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code agentledger run}: sends a prompt to an agent and prints its run. */
@Command(
    name = "run",
    description =
        "Sends a prompt to an agent and prints its run. Starts the service if none is running.",
    footer = {
      "",
      "Without --dir, --in-place, --empty and --session it asks for the workspace. Without a",
      "terminal, the workspace is empty, and what a user would be asked about is denied; with a",
      "--permission-mode it waits for agentledger approve or deny.",
      "Exit status: 0 success; 1 the run failed, a call was denied by a rule or because nobody",
      "could be asked, or a request or the key was refused; 2 wrong usage; 3 no service;",
      "130 interrupted (Ctrl-C; twice: immediately)."
    })
final class RunCommand implements Callable<Integer> {
  private final CliEnvironment environment;
  @Spec private CommandSpec spec;
  @Mixin private SessionOptions options;

  @Parameters(
      paramLabel = "PROMPT",
      description =
          "The prompt; - reads it from standard input. @FILE attaches a file of the workspace, "
              + "/NAME at the beginning invokes a command.")
  private List<String> promptWords = List.of();

  @SuppressWarnings("NullAway.Init") // picocli sets it before it calls.
  RunCommand(CliEnvironment environment) {
    this.environment = environment;
  }

  @Override
  public Integer call() {
    var prompt = readPrompt();
    options.check(environment);
    environment.ensureService();
    try (var service = environment.connect();
        var output = environment.standardOutput();
        var input = environment.openInput().orElse(null)) {
      var questions = Optional.ofNullable(input);
      var session = options.findOrOpen(service, environment, output, questions);
      if (session.isEmpty()) return ExitCode.INTERRUPTED;
      var id = session.get().id();
      var overrides = options.runOverrides(session.get(), input != null);
      var typed = TypedPrompt.parse(prompt, isTyped()).toInput(overrides);
      var accepted = submit(service, output, id, typed);
      try {
        return new PromptRunner(
                service, output, questions, environment.command(), options.verbose(), true)
            .follow(id, accepted);
      } finally {
        printResumeHint(service, output, id);
      }
    }
  }

  /** Submits the prompt. If it is refused, a session that was opened for it is deleted. */
  private SubmitResult submit(
      AgentledgerClient service, ConsoleOutput output, SessionId session, SessionInput prompt) {
    try {
      return service.sessions().submit(session, List.of(prompt));
    } catch (ApiException | ServiceUnavailableException failure) {
      boolean refused = failure instanceof ApiException refusal && refusal.status() < 500;
      if (refused && options.opensSession()) {
        service.sessions().delete(session);
        output.printLine(TextStyle.DIM, session + " is deleted: its prompt was refused");
      } else printResumeHint(service, output, session);
      throw failure;
    }
  }

  private void printResumeHint(AgentledgerClient service, ConsoleOutput output, SessionId session) {
    output.printLine(TextStyle.DIM, "  " + service.config() + "/api/v1/sessions/" + session);
    output.printLine(
        TextStyle.DIM, "  continue:  " + environment.command() + " chat --session " + session);
  }

  /**
   * Returns true if commands and mentions are interpreted: only in a prompt from the command line.
   */
  private boolean isTyped() {
    return !promptWords.equals(List.of("-"));
  }

  private String readPrompt() {
    var text = isTyped() ? String.join(" ", promptWords) : readStandardInput();
    if (text.isBlank()) throw invalidParameter("The prompt is missing.");
    return text;
  }

  private String readStandardInput() {
    try {
      return environment.readInput();
    } catch (IOException exception) {
      throw invalidParameter(
          "The prompt cannot be read from standard input: " + exception.getMessage());
    }
  }

  private ParameterException invalidParameter(String message) {
    return new ParameterException(spec.commandLine(), message);
  }
}
