package io.agentledger.command.workspace;

import io.agentledger.api.session.SessionId;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.api.shared.WorkspaceRejection.WorkspaceRefused;
import io.agentledger.command.claude.files.SessionFiles;
import io.agentledger.command.claude.snapshot.LiveTreeScanner;
import io.agentledger.command.claude.snapshot.Manifest.Entry;
import io.agentledger.command.claude.snapshot.SnapshotSettings;
import io.agentledger.command.claude.snapshot.TreeTooLargeException;
import io.agentledger.command.support.SecureDirectories;
import io.agentledger.command.workspace.ManifestDiff.State;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** Reads the current state of bound directories, which their owners may change at any time. */
record BoundFolderStates(SessionFiles files, SnapshotSettings limits) {
  /** Returns the current state, without directories of git. */
  State currentState(SessionId session) throws IOException {
    Path folder = files.pathsOf(session).workspace();
    try {
      return new State(LiveTreeScanner.scan(folder, limits), (file, out) -> copy(folder, file, out))
          .withoutGit();
    } catch (TreeTooLargeException e) {
      throw new RejectionException(
          new WorkspaceRefused(
              "too_large", "The folder exceeds the limits for a comparison: " + e.getMessage()));
    }
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

  /** Applies a recorded rewind that was not applied yet. */
  void applyPendingRewind(SessionId session) throws IOException {
    files.pathsOf(session); // This brings the files to the recorded state.
  }
}
