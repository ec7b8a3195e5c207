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
import io.agentledger.client.session.SessionDefinition.AgentReference;
import io.agentledger.client.session.SessionDefinition.WorkspaceSource;
import io.agentledger.client.support.ApiException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Options of the commands that open or continue a session, and the session that they name. */
final class SessionOptions {
  private static final OptionRange MAX_TURNS =
      new OptionRange("--max-turns", 1, RunOptions.MAX_TURNS_MAX);

  @Spec(Spec.Target.MIXEE)
  @SuppressWarnings("NullAway.Init") // picocli sets it before it calls.
  private CommandSpec spec;

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

  @Option(names = "--empty", description = "The agent begins with an empty workspace.")
  private boolean empty;

  @Option(names = "--session", paramLabel = "ID", description = "Continues this session.")
  private @Nullable SessionId session;

  @Option(
      names = "--agent",
      paramLabel = "AGENT",
      description = "Opens the session with this agent: its name or id.")
  private @Nullable String agent;

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

  @Option(names = "--verbose", description = "Prints the output of tools.")
  private boolean verbose;

  boolean verbose() {
    return verbose;
  }

  /** Returns whether any option but {@code --verbose} is given. */
  boolean isGiven() {
    return selectsWorkspace()
        || agent != null
        || model != null
        || permissionMode != null
        || maxTurns != null
        || !allowedTools.isEmpty()
        || !disallowedTools.isEmpty();
  }

  /** Returns whether a session or the workspace of a new one is named. */
  boolean selectsWorkspace() {
    return session != null || folder != null || inPlace || empty;
  }

  /** Returns whether the command opens a session, because none is named. */
  boolean opensSession() {
    return session == null;
  }

  void useSession(SessionId id) {
    session = id;
  }

  /** Fails as a usage error if the options contradict each other, or name no folder. */
  void check(CliEnvironment environment) {
    if (maxTurns != null) MAX_TURNS.check(spec, maxTurns);
    if (model != null && model.isBlank()) throw invalid("--model must name a model.");
    if (allowedTools.stream().anyMatch(String::isBlank)) throw invalid("--allow must name a tool.");
    if (disallowedTools.stream().anyMatch(String::isBlank))
      throw invalid("--deny must name a tool.");
    if (session != null && (folder != null || inPlace || empty))
      throw invalid(
          "--dir, --in-place and --empty are for new sessions: "
              + session
              + " has its workspace already.");
    if (session != null && agent != null)
      throw invalid("--agent is for new sessions: " + session + " has its agent already.");
    if (empty && (folder != null || inPlace))
      throw invalid("--empty contradicts --dir and --in-place.");
    if (folder != null && !Files.isDirectory(resolve(environment)))
      throw invalid("There is no folder " + folder + ".");
  }

  private Path resolve(CliEnvironment environment) {
    return environment
        .workingDirectory()
        .resolve(folder == null ? Path.of("") : folder)
        .normalize();
  }

  /** Returns the reason why a query was refused, in terms of the options that were given. */
  String describe(ApiException refusal) {
    return new RequestFieldNames(spec.commandLine().getParseResult())
        .describe(refusal)
        .orElseGet(() -> String.valueOf(refusal.getMessage()));
  }

  private ParameterException invalid(String message) {
    return new ParameterException(spec.commandLine(), message);
  }

  @Nullable String model() {
    return model;
  }

  @Nullable PermissionMode permissionMode() {
    return permissionMode;
  }

  /** Returns the options of a query without the model and the permission mode. */
  RunOverrides toolOverrides() {
    return runOverrides(null, null);
  }

  /**
   * Returns the options of a query. Without a terminal, a query of a session in mode {@code
   * default} has the mode {@code dontAsk}, unless the user chose another: nobody can be asked.
   */
  RunOverrides runOverrides(SessionView view, boolean hasTerminal) {
    boolean asks = view.options().permissionMode() == PermissionMode.DEFAULT;
    return runOverrides(
        model,
        permissionMode == null && asks && !hasTerminal ? PermissionMode.DONT_ASK : permissionMode);
  }

  private RunOverrides runOverrides(
      @Nullable String queryModel, @Nullable PermissionMode queryMode) {
    return new RunOverrides(
        queryModel,
        queryMode,
        allowedTools.isEmpty() ? null : allowedTools,
        disallowedTools.isEmpty() ? null : disallowedTools,
        maxTurns,
        null);
  }

  /**
   * Prints the state of the service, and finds the session or opens one.
   *
   * @return empty if the user does not want to begin
   */
  Optional<SessionView> findOrOpen(
      AgentledgerClient service,
      CliEnvironment environment,
      ConsoleOutput output,
      Optional<ConsoleInput> input) {
    printBanner(service, output);
    Optional<SessionView> view;
    if (session != null) view = Optional.of(service.sessions().find(session));
    else
      try {
        var definition = defineSession(service);
        view =
            selectWorkspace(environment, output, input)
                .map(selection -> open(service, output, definition, selection));
      } catch (IOException exception) {
        throw invalid("The folder cannot be read: " + exception.getMessage());
      }
    view.ifPresent(
        opened -> output.printLine(TextStyle.DIM, opened.id() + " · " + describeWorkspace(opened)));
    return view;
  }

  static void printBanner(AgentledgerClient service, ConsoleOutput output) {
    var status = service.status();
    var style = status.upstream() == Upstream.ANTHROPIC ? TextStyle.DIM : TextStyle.WARNING;
    output.print(TextStyle.BOLD, "Agentledger");
    output.print(TextStyle.DIM, " " + status.version() + " · ");
    output.print(style, ConsoleFormat.upstream(status.upstream()));
    output.print(TextStyle.DIM, " · sandbox " + status.sandbox().wireName());
    output.startLine();
  }

  /** Source of a workspace; null is an empty one. */
  private record Selection(@Nullable WorkspaceSource source) {}

  private Optional<Selection> selectWorkspace(
      CliEnvironment environment, ConsoleOutput output, Optional<ConsoleInput> input)
      throws IOException {
    var path = resolve(environment);
    if (empty) return Optional.of(new Selection(null));
    if (inPlace) return confirmInPlace(environment, path, output, input);
    if (folder != null) return Optional.of(new Selection(new WorkspaceSource.FolderCopy(path)));
    if (input.isEmpty() || !environment.isLocalService()) {
      try (var notice = environment.errorOutput()) {
        notice.printLine(
            TextStyle.DIM,
            "agentledger: the workspace is empty; --dir . works on a copy of this folder,"
                + " --in-place in it (--empty: no notice)");
      }
      return Optional.of(new Selection(null));
    }
    return askForWorkspace(path, output, input.get());
  }

  private static Optional<Selection> askForWorkspace(
      Path path, ConsoleOutput output, ConsoleInput input) throws IOException {
    output.printLine("Work on " + path + " (" + FolderSize.measure(path) + ")?");
    while (true) {
      var answer =
          ask(output, input, "  on a [c]opy, [i]n place, in an [e]mpty workspace, or [q]uit: ");
      if (answer.isEmpty()) return Optional.empty();
      switch (answer.get()) {
        case "c", "copy" -> {
          return Optional.of(new Selection(new WorkspaceSource.FolderCopy(path)));
        }
        case "i", "in place" -> {
          return Optional.of(new Selection(new WorkspaceSource.FolderInPlace(path)));
        }
        case "e", "empty" -> {
          return Optional.of(new Selection(null));
        }
        case "q", "quit" -> {
          return Optional.empty();
        }
        default -> output.printLine(TextStyle.DIM, "  please type c, i, e or q");
      }
    }
  }

  /** Checkpoints contain copies of the files of a folder that is used in place, too. */
  private static Optional<Selection> confirmInPlace(
      CliEnvironment environment, Path path, ConsoleOutput output, Optional<ConsoleInput> input)
      throws IOException {
    var selection = Optional.of(new Selection(new WorkspaceSource.FolderInPlace(path)));
    var size = environment.isLocalService() ? FolderSize.measure(path) : null;
    if (size == null || !size.isLarge()) return selection;
    var notice = path + " has " + size + ", which checkpoints copy into the service's store.";
    if (input.isEmpty()) {
      try (var errors = environment.errorOutput()) {
        errors.printLine(TextStyle.WARNING, "agentledger: " + notice);
      }
      return selection;
    }
    output.printLine(TextStyle.WARNING, notice);
    return ask(output, input.get(), "  continue? [y]es [n]o: ")
        .filter(answer -> answer.startsWith("y"))
        .flatMap(answer -> selection);
  }

  private static Optional<String> ask(ConsoleOutput output, ConsoleInput input, String question) {
    return input
        .readAnswer(output.styled(TextStyle.WARNING, question), () -> false)
        .map(answer -> answer.strip().toLowerCase(Locale.ROOT));
  }

  /** Returns a session with the agent that is named. */
  private SessionDefinition defineSession(AgentledgerClient service) {
    if (agent == null) return SessionDefinition.DEFAULT;
    var found =
        AgentCommands.find(service, agent)
            .orElseThrow(() -> invalid(AgentCommands.unknown(String.valueOf(agent))));
    return SessionDefinition.DEFAULT.agent(new AgentReference(found.id(), null));
  }

  private static SessionView open(
      AgentledgerClient service,
      ConsoleOutput output,
      SessionDefinition definition,
      Selection selection) {
    output.showProgress(
        selection.source() instanceof WorkspaceSource.FolderCopy(var path)
            ? "copying " + path
            : "opening a session");
    try {
      var source = selection.source();
      return service
          .sessions()
          .open(source == null ? definition : definition.withWorkspaceSource(source));
    } finally {
      output.clearProgress();
    }
  }

  private static String describeWorkspace(SessionView session) {
    return switch (session.workspace()) {
      case Workspace.Empty workspace -> "an empty workspace";
      case Workspace.Copied copied -> describeWorkspace(copied.files(), copied.bytes());
      case Workspace.Uploaded uploaded -> describeWorkspace(uploaded.files(), uploaded.bytes());
      case Workspace.Git git -> describeWorkspace(git.files(), git.bytes());
      case Workspace.InPlace workspace -> "in the folder itself";
    };
  }

  private static String describeWorkspace(long files, long bytes) {
    return "workspace: " + ConsoleFormat.count(files, "file") + ", " + ConsoleFormat.size(bytes);
  }
}
