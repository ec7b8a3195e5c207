package io.agentledger.client.cli;

import io.agentledger.api.session.LifecycleStatus;
import io.agentledger.api.session.PermissionMode;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.event.OutputEvent.Role;
import io.agentledger.api.session.query.SessionView;
import io.agentledger.api.shared.PageRequest;
import io.agentledger.client.AgentledgerClient;
import io.agentledger.client.session.SessionInput;
import io.agentledger.client.support.ApiException;
import io.agentledger.client.support.ServiceUnavailableException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jline.reader.UserInterruptException;
import org.jline.reader.impl.completer.StringsCompleter;
import org.jline.terminal.Terminal;
import picocli.CommandLine.TypeConversionException;
import sun.misc.Signal;

/** Reads prompts and commands of a user at a terminal, and prints the runs of one session. */
final class Conversation {
  private static final String HELP =
      """
      /mode [MODE]      shows or sets the permission mode: default, acceptEdits, plan,
                        bypassPermissions, dontAsk
      /model [MODEL]    shows or sets the model, from the next prompt on
      /files [FOLDER]   lists the files
      /diff             prints what this session changed
      /rewind           restores the files of a checkpoint
      /cost             prints cost, tokens and time of this session
      /verbose          prints the output of tools, or only its size
      /exit             ends the program; so does Ctrl-D
      Another /NAME is a command of the agent. @FILE attaches a file of the workspace.
      Backslash and Enter begin a new line. Ctrl-C interrupts a run, twice it ends the program.""";

  private static final List<String> COMMANDS =
      List.of(
          "/help", "/mode", "/model", "/files", "/diff", "/rewind", "/cost", "/verbose", "/exit");

  private static final int HISTORY_MAX = 200;

  private final AgentledgerClient service;
  private final ConsoleOutput output;
  private final ConsoleInput input;
  private final String command;
  private final SessionOptions options;
  private final SessionId session;
  private final List<SessionInput> settings = new ArrayList<>();
  private PermissionMode mode;
  private String model;
  private boolean verbose;

  /**
   * Creates a conversation.
   *
   * @param command the command that starts this program, for hints
   */
  Conversation(
      AgentledgerClient service,
      ConsoleOutput output,
      ConsoleInput input,
      String command,
      SessionOptions options,
      SessionView view) {
    this.service = service;
    this.output = output;
    this.input = input;
    this.command = command;
    this.options = options;
    this.session = view.id();
    this.mode = view.options().permissionMode();
    this.model = view.options().model();
    this.verbose = options.verbose();
    if (view.lifecycle() != LifecycleStatus.OPEN) settings.add(new SessionInput.Resume());
    if (options.permissionMode() != null) {
      mode = options.permissionMode();
      settings.add(new SessionInput.SetPermissionMode(mode));
    }
    if (options.model() != null) {
      model = options.model();
      settings.add(new SessionInput.SetModel(model));
    }
    printLastAnswer(view);
  }

  private void printLastAnswer(SessionView view) {
    if (view.runs() == 0) {
      output.printLine(TextStyle.DIM, "/help lists the commands");
      return;
    }
    var title = new SessionTitles(service.sessions()).find(List.of(view)).get(session);
    output.printLine(TextStyle.BOLD, "› " + title);
    service.sessions().runs(session, new PageRequest(1, null)).items().stream()
        .flatMap(run -> Optional.ofNullable(run.result()).stream())
        .forEach(result -> output.printMarkdown(TextStyle.DIM, result.strip()));
  }

  /** Returns the exit status of the program. */
  int run() {
    var reader = input.promptReader(new StringsCompleter(COMMANDS), readHistory());
    boolean leaving = false;
    var interrupt = forwardSignal("INT", Terminal.Signal.INT);
    var resize = forwardSignal("WINCH", Terminal.Signal.WINCH);
    try {
      while (true) {
        Optional<String> line;
        try {
          output.startLine();
          line = input.readPrompt(reader, output.styled(TextStyle.BOLD, prompt()));
        } catch (UserInterruptException exception) {
          if (leaving) return leave();
          leaving = exception.getPartialLine().isEmpty();
          if (leaving) output.printLine(TextStyle.DIM, "Ctrl-C again or Ctrl-D ends the program");
          continue;
        }
        leaving = false;
        if (line.isEmpty() || line.get().strip().equals("/exit")) return leave();
        if (!line.get().isBlank()) process(line.get().strip());
      }
    } finally {
      Signal.handle(new Signal("INT"), interrupt);
      Signal.handle(new Signal("WINCH"), resize);
    }
  }

  private sun.misc.SignalHandler forwardSignal(String name, Terminal.Signal signal) {
    return Signal.handle(new Signal(name), received -> input.terminal().raise(signal));
  }

  private String prompt() {
    return (mode == PermissionMode.DEFAULT ? "" : mode.wireName() + " ") + "› ";
  }

  private int leave() {
    output.printLine(TextStyle.DIM, "continue:  " + command + " chat --session " + session);
    return ExitCode.OK;
  }

  /** Prompts are stored by the service only: the history is that of the session. */
  private List<String> readHistory() {
    return service
        .sessions()
        .messages(session, new PageRequest(PageRequest.LIMIT_MAX, null))
        .items()
        .stream()
        .filter(message -> message.role() == Role.USER && message.queryId() != null)
        .map(message -> ConsoleFormat.plainText(message.block()))
        .filter(text -> !text.isBlank())
        .limit(HISTORY_MAX)
        .toList();
  }

  private void process(String line) {
    try {
      var words = line.split("\\s+", 2);
      var argument = words.length > 1 ? words[1] : "";
      switch (words[0]) {
        case "/help" -> output.printLine(HELP);
        case "/mode" -> setMode(argument);
        case "/model" -> setModel(argument);
        case "/files" ->
            WorkspaceFormat.printFiles(
                output,
                service
                    .sessions()
                    .files(session)
                    .list(argument, new PageRequest(WorkspaceFormat.PAGE_SIZE, null)));
        case "/diff" -> WorkspaceFormat.printAllChanges(service.sessions(), output, session);
        case "/rewind" -> rewind();
        case "/cost" -> printCost();
        case "/verbose" -> {
          verbose = !verbose;
          output.printLine(
              TextStyle.DIM, verbose ? "output of tools is shown" : "output of tools is not shown");
        }
        default -> submit(line);
      }
    } catch (ApiException | ServiceUnavailableException exception) {
      output.printLine(TextStyle.ERROR, "! " + exception.getMessage());
    }
  }

  private void submit(String line) {
    var inputs = new ArrayList<>(settings);
    inputs.add(TypedPrompt.parse(line, true).toInput(options.toolOverrides()));
    settings.clear();
    try (var typing = input.holdTyping()) {
      new PromptRunner(service, output, Optional.of(input), command, verbose, true)
          .run(session, inputs);
    } catch (ApiException refusal) {
      output.printLine(TextStyle.ERROR, "! " + options.describe(refusal));
    }
  }

  private void setMode(String argument) {
    if (!argument.isEmpty())
      try {
        mode = AgentledgerCli.parsePermissionMode(argument);
        service.sessions().submit(session, List.of(new SessionInput.SetPermissionMode(mode)));
      } catch (TypeConversionException exception) {
        output.printLine(TextStyle.ERROR, "! " + exception.getMessage());
        return;
      }
    output.printLine(
        TextStyle.DIM,
        "mode "
            + mode.wireName()
            + Arrays.stream(PermissionMode.values())
                .map(PermissionMode::wireName)
                .collect(Collectors.joining(", ", " (of ", ")")));
  }

  private void setModel(String argument) {
    if (!argument.isEmpty()) {
      service.sessions().submit(session, List.of(new SessionInput.SetModel(argument)));
      model = argument;
    }
    output.printLine(TextStyle.DIM, "model " + model);
  }

  private void rewind() {
    var rewinder = new Rewinder(service.sessions(), output, Optional.of(input));
    rewinder
        .select(session)
        .ifPresent(checkpoint -> rewinder.rewind(session, checkpoint, false, false));
  }

  private void printCost() {
    var metrics = service.sessions().metrics(session);
    output.printLine(
        ConsoleFormat.cost(metrics.costUsd())
            + " · "
            + ConsoleFormat.tokens(metrics.usage())
            + " · "
            + ConsoleFormat.count(metrics.runs().total(), "run")
            + ", "
            + ConsoleFormat.duration(Duration.ofMillis(metrics.durationMs())));
  }
}
