package io.agentledger.client.cli;

import io.agentledger.api.session.LifecycleStatus;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.command.SubmitResult;
import io.agentledger.api.session.command.SubmitResult.Accepted;
import io.agentledger.api.session.query.SessionView;
import io.agentledger.api.shared.PageRequest;
import io.agentledger.client.AgentledgerClient;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code agentledger chat}: a conversation with an agent. */
@Command(
    name = "chat",
    description =
        "Talks with an agent; with a MESSAGE, sends it to Brain and prints the answer. Starts the"
            + " service if none is running.",
    footer = {
      "",
      "Messages to Brain are one conversation of yours, which --new begins anew.",
      "Without --dir, --in-place, --empty, --session and -c it asks for the workspace.",
      "/help lists the commands of the conversation. Ctrl-C interrupts a run, twice it ends the",
      "program; Ctrl-D ends the conversation, which -c continues."
    })
final class ChatCommand implements Callable<Integer> {
  private final CliEnvironment environment;
  @Spec private CommandSpec spec;
  @Mixin private SessionOptions options;

  @Option(
      names = {"-c", "--continue"},
      description = "Continues your last conversation.")
  private boolean continued;

  @Option(names = "--new", description = "Begins a new conversation with Brain.")
  private boolean fresh;

  @Parameters(paramLabel = "MESSAGE", arity = "0..*", description = "A message to Brain.")
  private List<String> messageWords = List.of();

  @SuppressWarnings("NullAway.Init") // picocli sets it before it calls.
  ChatCommand(CliEnvironment environment) {
    this.environment = environment;
  }

  @Override
  public Integer call() {
    return messageWords.isEmpty() ? converse() : askBrain(String.join(" ", messageWords));
  }

  private int askBrain(String message) {
    if (message.isBlank()) throw invalid("The message is missing.");
    if (continued || options.isGiven())
      throw invalid("A message to Brain has no options but --new and --verbose.");
    environment.ensureService();
    try (var service = environment.connect();
        var output = environment.standardOutput();
        var input = environment.openInput().orElse(null)) {
      SessionOptions.printBanner(service, output);
      var query = service.chat().send(message, fresh);
      output.printLine(TextStyle.DIM, query.sessionId() + " is your conversation with Brain");
      var accepted =
          new SubmitResult(
              query.sessionId(),
              query.after(),
              List.of(new Accepted(query.id(), query.runId(), query.queuePosition())));
      try {
        return new PromptRunner(
                service,
                output,
                Optional.ofNullable(input),
                environment.command(),
                options.verbose(),
                false)
            .follow(query.sessionId(), accepted);
      } finally {
        printNext(output, query.sessionId());
      }
    }
  }

  private void printNext(ConsoleOutput output, SessionId session) {
    output.printLine(
        TextStyle.DIM,
        "  continue:  " + environment.command() + " chat MESSAGE, or chat --session " + session);
  }

  private int converse() {
    if (fresh) throw invalid("--new needs a message to Brain.");
    var input =
        environment
            .openInput()
            .orElseThrow(
                () -> invalid("chat needs a terminal; agentledger run works without one."));
    options.check(environment);
    if (continued && options.selectsWorkspace())
      throw invalid("-c contradicts --session, --dir, --in-place and --empty.");
    environment.ensureService();
    try (input;
        var service = environment.connect();
        var output = environment.standardOutput()) {
      output.withSize(input.terminal()::getWidth, input.terminal()::getHeight);
      if (continued) options.useSession(findLast(service));
      return options
          .findOrOpen(service, environment, output, Optional.of(input))
          .map(
              session ->
                  new Conversation(service, output, input, environment.command(), options, session)
                      .run())
          .orElse(ExitCode.INTERRUPTED);
    }
  }

  private SessionId findLast(AgentledgerClient service) {
    var user = service.currentUser().user().id();
    return service.sessions().list(null, new PageRequest(50, null)).items().stream()
        .filter(session -> session.ownerId().equals(user))
        .filter(session -> session.lifecycle() != LifecycleStatus.CLOSED)
        .max(Comparator.comparing(SessionView::updatedAt))
        .map(SessionView::id)
        .orElseThrow(() -> invalid("There is no conversation yet."));
  }

  private ParameterException invalid(String message) {
    return new ParameterException(spec.commandLine(), message);
  }
}
