package io.agentledger.client.cli;

import io.agentledger.api.session.CheckpointId;
import io.agentledger.api.session.RunId;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.shared.PageRequest;
import io.agentledger.client.AgentledgerClient;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Commands about the files of a session. */
@SuppressWarnings("NullAway.Init") // picocli sets the parameters before it calls.
final class WorkspaceCommands {
  /** The workspace in a sandbox, as calls of tools name it. */
  private static final String WORKSPACE = "/workspace";

  private WorkspaceCommands() {}

  private static String relativePath(String path) {
    if (path.equals(WORKSPACE)) return "";
    return path.startsWith(WORKSPACE + "/") ? path.substring(WORKSPACE.length() + 1) : path;
  }

  /** {@code agentledger files}: lists a folder of the workspace. */
  @Command(name = "files", description = "Lists the files of a session.")
  static final class ListFiles extends ServiceCommand {
    @Parameters(index = "0", paramLabel = "SESSION", description = "ses_...")
    private SessionId session;

    @Parameters(index = "1", paramLabel = "FOLDER", arity = "0..1", description = "A folder of it.")
    private String folder = "";

    @ArgGroup private @Nullable PositionOptions position;

    @Override
    int execute(AgentledgerClient service, ConsoleOutput output) {
      var files = service.sessions().files(session);
      var page = new PageRequest(WorkspaceFormat.PAGE_SIZE, null);
      var at = PositionOptions.positionOf(position);
      var path = relativePath(folder);
      WorkspaceFormat.printFiles(
          output, at == null ? files.list(path, page) : files.list(path, at, page));
      return ExitCode.OK;
    }
  }

  /** {@code agentledger get}: copies a file of the workspace. */
  @Command(name = "get", description = "Copies a file of a session to standard output or a file.")
  static final class GetFile extends ServiceCommand {
    @Parameters(index = "0", paramLabel = "SESSION", description = "ses_...")
    private SessionId session;

    @Parameters(index = "1", paramLabel = "FILE", description = "Its path in the workspace.")
    private String file;

    @Option(
        names = {"-o", "--output"},
        paramLabel = "PATH",
        description = "Writes to this file, which must not exist.")
    private @Nullable Path target;

    @ArgGroup private @Nullable PositionOptions position;

    @Override
    int execute(AgentledgerClient service, ConsoleOutput output) {
      var files = service.sessions().files(session);
      var at = PositionOptions.positionOf(position);
      var path = relativePath(file);
      try (var content = at == null ? files.read(path) : files.read(path, at)) {
        if (target == null || target.equals(STANDARD_OUTPUT))
          content.transferTo(environment().out());
        else copyToFile(content, "--output", target);
        return ExitCode.OK;
      } catch (IOException exception) {
        throw copyFailed(exception);
      }
    }
  }

  /** {@code agentledger diff}: prints the changes of a session or of one run. */
  @Command(name = "diff", description = "Prints what a session changed in its files.")
  static final class Diff extends ServiceCommand {
    @Parameters(paramLabel = "SESSION", description = "ses_...")
    private SessionId session;

    @Option(names = "--run", paramLabel = "RUN", description = "Only the changes of this run.")
    private @Nullable RunId run;

    @Override
    int execute(AgentledgerClient service, ConsoleOutput output) {
      if (run == null) WorkspaceFormat.printAllChanges(service.sessions(), output, session);
      else WorkspaceFormat.printChanges(output, service.sessions().changes(session, run), true);
      return ExitCode.OK;
    }
  }

  /** {@code agentledger compare}: prints what changed between two positions of a session. */
  @Command(
      name = "compare",
      description = "Prints what changed in a session between two events: values, files, events.")
  static final class Compare extends ServiceCommand {
    @Parameters(index = "0", paramLabel = "SESSION", description = "ses_...")
    private SessionId session;

    @Parameters(
        index = "1",
        paramLabel = "FROM",
        description = "The number of the last event of the earlier position.")
    private long from;

    @Parameters(
        index = "2",
        paramLabel = "TO",
        arity = "0..1",
        description = "That of the later position; without it, the session as it is.")
    private @Nullable Long to;

    @Override
    int execute(AgentledgerClient service, ConsoleOutput output) {
      if (from < 1) throw invalid("FROM must be at least 1.");
      if (to != null && to < from) throw invalid("TO must not be less than FROM.");
      WorkspaceFormat.printDifferences(output, service.sessions().compare(session, from, to));
      return ExitCode.OK;
    }
  }

  /** {@code agentledger rewind}: restores the files of a checkpoint. */
  @Command(
      name = "rewind",
      description = "Restores the files of a checkpoint; the conversation stays as it is.")
  static final class Rewind extends ServiceCommand {
    @Parameters(index = "0", paramLabel = "SESSION", description = "ses_...")
    private SessionId session;

    @Parameters(
        index = "1",
        paramLabel = "CHECKPOINT",
        arity = "0..1",
        description = "chk_...; without it, checkpoints are listed.")
    private @Nullable CheckpointId checkpoint;

    @Option(names = "--dry-run", description = "Only prints what would change.")
    private boolean dryRun;

    @Option(names = "--yes", description = "Does not ask.")
    private boolean confirmed;

    @Override
    int execute(AgentledgerClient service, ConsoleOutput output) {
      try (var input = environment().openInput().orElse(null)) {
        var rewinder = new Rewinder(service.sessions(), output, Optional.ofNullable(input));
        var id = checkpoint == null ? rewinder.select(session) : Optional.of(checkpoint);
        if (id.isEmpty()) {
          if (input == null)
            output.printLine(
                TextStyle.DIM,
                "restore one:  " + environment().command() + " rewind " + session + " CHECKPOINT");
          return ExitCode.OK;
        }
        return rewinder.rewind(session, id.get(), dryRun, confirmed)
            ? ExitCode.OK
            : ExitCode.FAILED;
      }
    }
  }
}
