package io.agentledger.client.cli;

import io.agentledger.api.model.Upstream;
import io.agentledger.api.session.PermissionMode;
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

/** {@code agentledger run}: asks an agent and shows what it does, until it is done. */
@Command(
    name = "run",
    description = "Asks an agent and shows what it does. Starts the service when none is running.",
    footer = {
      "",
      "Exit status: 0 done; 1 the run failed, or a call was denied by a rule or for want of somebody",
      "to ask; 2 wrong usage; 3 no service; 130 interrupted (Ctrl-C; a second one leaves at once)."
    })
final class RunCommand implements Callable<Integer> {
  private final CliEnvironment cliEnvironment;
  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "PROMPT", description = "What to ask; - reads it from standard input.")
  private List<String> words = List.of();

  @Option(
      names = "--dir",
      paramLabel = "DIR",
      description = "A copy of this folder is the agent's workspace (1,024 MiB at most).")
  private @Nullable Path folder;

  @Option(
      names = "--in-place",
      description = "The agent works in the folder of --dir itself, or in this one: no copy.")
  private boolean inPlace;

  @Option(names = "--session", paramLabel = "ID", description = "Goes on in this session.")
  private @Nullable SessionId session;

  @Option(names = "--model", description = "Asks this model.")
  private @Nullable String model;

  @Option(
      names = "--permission-mode",
      paramLabel = "MODE",
      description = "default, acceptEdits, plan, bypassPermissions or dontAsk.")
  private @Nullable PermissionMode mode;

  @Option(
      names = "--allow",
      paramLabel = "RULE",
      description = "Allows without asking, e.g. 'Bash(npm test:*)'; may be repeated.")
  private List<String> allowed = List.of();

  @Option(
      names = "--deny",
      paramLabel = "RULE",
      description = "Denies, whatever else allows it; may be repeated.")
  private List<String> denied = List.of();

  @Option(names = "--max-turns", paramLabel = "N", description = "At most N model exchanges.")
  private @Nullable Integer maxTurns;

  @SuppressWarnings("NullAway.Init") // picocli sets it before it calls.
  RunCommand(CliEnvironment cliEnvironment) {
    this.cliEnvironment = cliEnvironment;
  }

  @Override
  public Integer call() {
    var prompt = prompt();
    if (session != null && (folder != null || inPlace))
      throw invalidParameter(
          "--dir and --in-place are for new sessions: " + session + " has its workspace already.");
    var workspaceSource = workspaceSource();
    var clientConfig = cliEnvironment.serviceOrStart();
    try (var service = AgentledgerClient.at(clientConfig);
        var consoleOutput = cliEnvironment.screen()) {
      banner(service, consoleOutput);
      var opened =
          session == null
              ? open(service, consoleOutput, workspaceSource)
              : service.sessions().find(session);
      consoleOutput.line(TextStyle.DIM, opened.id() + " · " + workspace(opened));
      var pendingActionPrompter =
          new PendingActionPrompter(service.sessions(), consoleOutput, cliEnvironment.keyboard());
      try {
        return new PromptRunner(service, consoleOutput, pendingActionPrompter)
            .hold(opened.id(), prompt, runOverrides());
      } finally {
        farewell(service, consoleOutput, opened.id());
      }
    }
  }

  private SessionDefinition.@Nullable WorkspaceSource workspaceSource() {
    if (inPlace)
      return new SessionDefinition.WorkspaceSource.FolderInPlace(
          existing(folder == null ? Path.of("") : folder));
    return folder == null
        ? null
        : new SessionDefinition.WorkspaceSource.FolderCopy(existing(folder));
  }

  private SessionView open(
      AgentledgerClient service,
      ConsoleOutput consoleOutput,
      SessionDefinition.@Nullable WorkspaceSource workspaceSource) {
    consoleOutput.await(
        workspaceSource instanceof SessionDefinition.WorkspaceSource.FolderCopy(var path)
            ? "copying " + path
            : "opening a session");
    try {
      var sessionDefinition =
          workspaceSource == null
              ? SessionDefinition.PLAIN
              : SessionDefinition.PLAIN.filledWith(workspaceSource);
      return service.sessions().open(sessionDefinition);
    } finally {
      consoleOutput.awaitNothing();
    }
  }

  private void banner(AgentledgerClient service, ConsoleOutput consoleOutput) {
    var status = service.status();
    var textStyle = status.upstream() == Upstream.ANTHROPIC ? TextStyle.DIM : TextStyle.WARN;
    consoleOutput.text(TextStyle.STRONG, "Agentledger");
    consoleOutput.text(TextStyle.DIM, " " + status.version() + " · ");
    consoleOutput.text(textStyle, ConsoleFormat.upstream(status.upstream()));
    consoleOutput.text(TextStyle.DIM, " · sandbox " + status.sandbox().wireName());
    consoleOutput.fresh();
  }

  private static String workspace(SessionView session) {
    return switch (session.workspace()) {
      case Workspace.Empty none -> "an empty workspace";
      case Workspace.Copied copy -> workspace(copy.files(), copy.bytes());
      case Workspace.Uploaded sent -> workspace(sent.files(), sent.bytes());
      case Workspace.Git git -> workspace(git.files(), git.bytes());
      case Workspace.Bound here -> "in the folder itself";
    };
  }

  private static String workspace(long files, long bytes) {
    return "workspace: " + ConsoleFormat.count(files, "file") + ", " + ConsoleFormat.size(bytes);
  }

  private static void farewell(
      AgentledgerClient service, ConsoleOutput consoleOutput, SessionId session) {
    consoleOutput.line(TextStyle.DIM, "  " + service.address() + "/api/v1/sessions/" + session);
    consoleOutput.line(
        TextStyle.DIM, "  go on:  agentledger run --session " + session + " \"...\"");
  }

  private RunOverrides runOverrides() {
    return new RunOverrides(
        model,
        mode,
        allowed.isEmpty() ? null : allowed,
        denied.isEmpty() ? null : denied,
        maxTurns,
        null);
  }

  private String prompt() {
    var text = String.join(" ", words);
    if (text.equals("-")) text = standardInput();
    if (text.isBlank()) throw invalidParameter("What should the agent do? The prompt is missing.");
    return text;
  }

  private String standardInput() {
    try {
      return new String(cliEnvironment.in().readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException broken) {
      throw invalidParameter(
          "The prompt cannot be read from standard input: " + broken.getMessage());
    }
  }

  private Path existing(Path wanted) {
    var whole = cliEnvironment.folder().resolve(wanted).normalize();
    if (!Files.isDirectory(whole)) throw invalidParameter("There is no folder " + wanted + ".");
    return whole;
  }

  private ParameterException invalidParameter(String message) {
    return new ParameterException(spec.commandLine(), message);
  }
}
