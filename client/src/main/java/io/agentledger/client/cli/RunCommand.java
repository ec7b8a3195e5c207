package io.agentledger.client.cli;

import io.agentledger.api.model.Upstream;
import io.agentledger.api.session.PermissionMode;
import io.agentledger.api.session.RunOptions;
import io.agentledger.api.session.RunOverrides;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.Workspace;
import io.agentledger.api.session.query.SessionView;
import io.agentledger.client.AgentledgerClient;
import io.agentledger.client.session.SessionDefinition;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
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
      "Exit status: 0 success; 1 the run failed, or a call was denied by a rule or because no user",
      "could be asked; 2 wrong usage; 3 no service; 130 interrupted (Ctrl-C; twice: immediately)."
    })
final class RunCommand implements Callable<Integer> {
  private static final OptionRange MAX_TURNS =
      new OptionRange("--max-turns", 1, RunOptions.MAX_TURNS_MAX);

  private final CliEnvironment environment;
  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "PROMPT",
      description =
          "The prompt; - reads it from standard input. @FILE attaches a file of the workspace, "
              + "/NAME at the beginning invokes a command.")
  private List<String> promptWords = List.of();

  @Option(
      names = "--dir",
      paramLabel = "DIR",
      description = "A copy of this folder is the agent's workspace (1,024 MiB at most).")
  private @Nullable Path folder;

  @Option(
      names = "--in-place",
      description =
          "The agent works in the folder of --dir or the current one itself, without a copy.")
  private boolean inPlace;

  @Option(names = "--session", paramLabel = "ID", description = "Continues this session.")
  private @Nullable SessionId session;

  @Option(names = "--model", description = "The model to use.")
  private @Nullable String model;

  @Option(
      names = "--permission-mode",
      paramLabel = "MODE",
      description = "default, acceptEdits, plan, bypassPermissions or dontAsk.")
  private @Nullable PermissionMode permissionMode;

  @Option(
      names = "--allow",
      paramLabel = "RULE",
      description =
          "Allows without asking, in place of the defaults (@default), e.g. 'Bash(npm test:*)'; may"
              + " be repeated.")
  private List<String> allowedTools = List.of();

  @Option(
      names = "--deny",
      paramLabel = "RULE",
      description = "Denies, whatever else allows it; may be repeated.")
  private List<String> disallowedTools = List.of();

  @Option(
      names = "--max-turns",
      paramLabel = "N",
      description = "Ends the run after N turns, 1 to 1000.")
  private @Nullable Integer maxTurns;

  @SuppressWarnings("NullAway.Init") // picocli sets it before it calls.
  RunCommand(CliEnvironment environment) {
    this.environment = environment;
  }

  @Override
  public Integer call() {
    if (maxTurns != null) MAX_TURNS.check(spec, maxTurns);
    var prompt = readPrompt();
    if (session != null && (folder != null || inPlace))
      throw invalidParameter(
          "--dir and --in-place are for new sessions: " + session + " has its workspace already.");
    var workspaceSource = workspaceSource();
    var config = environment.findOrStartService();
    try (var service = AgentledgerClient.create(config);
        var output = environment.standardOutput()) {
      printBanner(service, output);
      var view =
          session == null
              ? openSession(service, output, workspaceSource)
              : service.sessions().find(session);
      output.printLine(TextStyle.DIM, view.id() + " · " + describeWorkspace(view));
      var prompter = new PendingActionPrompter(service.sessions(), output, environment.openInput());
      try {
        return new PromptRunner(service, output, prompter)
            .run(view.id(), TypedPrompt.parse(prompt, isTyped()).toInput(runOverrides()));
      } finally {
        printResumeHint(service, output, view.id());
      }
    }
  }

  private SessionDefinition.@Nullable WorkspaceSource workspaceSource() {
    if (inPlace)
      return new SessionDefinition.WorkspaceSource.FolderInPlace(
          requireDirectory(folder == null ? Path.of("") : folder));
    return folder == null
        ? null
        : new SessionDefinition.WorkspaceSource.FolderCopy(requireDirectory(folder));
  }

  private SessionView openSession(
      AgentledgerClient service,
      ConsoleOutput output,
      SessionDefinition.@Nullable WorkspaceSource workspaceSource) {
    output.showProgress(
        workspaceSource instanceof SessionDefinition.WorkspaceSource.FolderCopy(var path)
            ? "copying " + path
            : "opening a session");
    try {
      var definition =
          workspaceSource == null
              ? SessionDefinition.DEFAULT
              : SessionDefinition.DEFAULT.withWorkspaceSource(workspaceSource);
      return service.sessions().open(definition);
    } finally {
      output.clearProgress();
    }
  }

  private void printBanner(AgentledgerClient service, ConsoleOutput output) {
    var status = service.status();
    var style = status.upstream() == Upstream.ANTHROPIC ? TextStyle.DIM : TextStyle.WARNING;
    output.print(TextStyle.BOLD, "Agentledger");
    output.print(TextStyle.DIM, " " + status.version() + " · ");
    output.print(style, ConsoleFormat.upstream(status.upstream()));
    output.print(TextStyle.DIM, " · sandbox " + status.sandbox().wireName());
    output.startLine();
  }

  private static String describeWorkspace(SessionView session) {
    return switch (session.workspace()) {
      case Workspace.Empty empty -> "an empty workspace";
      case Workspace.Copied copied -> describeWorkspace(copied.files(), copied.bytes());
      case Workspace.Uploaded uploaded -> describeWorkspace(uploaded.files(), uploaded.bytes());
      case Workspace.Git git -> describeWorkspace(git.files(), git.bytes());
      case Workspace.InPlace inPlace -> "in the folder itself";
    };
  }

  private static String describeWorkspace(long files, long bytes) {
    return "workspace: " + ConsoleFormat.count(files, "file") + ", " + ConsoleFormat.size(bytes);
  }

  private static void printResumeHint(
      AgentledgerClient service, ConsoleOutput output, SessionId session) {
    output.printLine(TextStyle.DIM, "  " + service.config() + "/api/v1/sessions/" + session);
    output.printLine(
        TextStyle.DIM, "  continue:  agentledger run --session " + session + " \"...\"");
  }

  private RunOverrides runOverrides() {
    return new RunOverrides(
        model,
        permissionMode,
        allowedTools.isEmpty() ? null : allowedTools,
        disallowedTools.isEmpty() ? null : disallowedTools,
        maxTurns,
        null);
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
      return new String(environment.in().readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException exception) {
      throw invalidParameter(
          "The prompt cannot be read from standard input: " + exception.getMessage());
    }
  }

  private Path requireDirectory(Path path) {
    var absolute = environment.workingDirectory().resolve(path).normalize();
    if (!Files.isDirectory(absolute)) throw invalidParameter("There is no folder " + path + ".");
    return absolute;
  }

  private ParameterException invalidParameter(String message) {
    return new ParameterException(spec.commandLine(), message);
  }
}
