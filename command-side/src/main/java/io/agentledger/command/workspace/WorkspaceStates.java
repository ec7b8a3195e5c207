package io.agentledger.command.workspace;

import io.agentledger.api.session.SessionId;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.api.shared.WorkspaceRejection.WorkspaceRefused;
import io.agentledger.command.claude.files.SessionFiles;
import io.agentledger.command.claude.snapshot.Manifest.Entry;
import io.agentledger.command.claude.snapshot.SnapshotService;
import io.agentledger.command.claude.snapshot.TreeTooLargeException;
import io.agentledger.command.support.SecureDirectories;
import io.agentledger.command.workspace.ManifestDiff.State;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** Reads the current state of workspaces, which agents and users may change at any time. */
record WorkspaceStates(SessionFiles files, SnapshotService snapshots) {
  /** Returns the current state; of a bound directory, without directories of git. */
  State currentState(SessionId session) throws IOException {
    var paths = files.pathsOf(session);
    try {
      var state =
          new State(
              snapshots.scan(session, paths), (file, out) -> copy(paths.workspace(), file, out));
      return paths.boundDirectory().isPresent() ? state.withoutGit() : state;
    } catch (TreeTooLargeException e) {
      throw tooLarge(e);
    }
  }

  /** Returns the rejection of an operation on a workspace that exceeds the limits. */
  static RejectionException tooLarge(TreeTooLargeException e) {
    return new RejectionException(
        new WorkspaceRefused(
            "too_large",
            "The workspace exceeds the limits of checkpoints: " + e.getMessage() + "."));
  }

  private static void copy(Path folder, Entry file, OutputStream out) throws IOException {
    List<String> steps = Arrays.asList(file.path().split("/"));
    var name = Path.of(steps.getLast());
    new ContainedTree(folder)
        .inDirectory(
            steps.subList(0, steps.size() - 1),
            directory -> {
              if (!SecureDirectories.readAttributes(directory, name).isRegularFile()) return name;
              try (var in = Channels.newInputStream(SecureDirectories.openFile(directory, name))) {
                out.write(in.readNBytes((int) file.size()));
              }
              return name;
            });
  }
}
