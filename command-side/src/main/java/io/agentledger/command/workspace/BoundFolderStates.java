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

/** Folders that sessions work in, as they are now: their owners change them as they like. */
record BoundFolderStates(SessionFiles files, SnapshotSettings limits) {
  /** Beside what git keeps. */
  State now(SessionId session) throws IOException {
    Path folder = files.pathsOf(session).workspace();
    try {
      return new State(LiveTreeScanner.scan(folder, limits), (file, out) -> copy(folder, file, out))
          .besideGit();
    } catch (TreeTooLargeException much) {
      throw new RejectionException(
          new WorkspaceRefused(
              "too_large", "The folder holds more than can be compared: " + much.getMessage()));
    }
  }

  private static void copy(Path folder, Entry file, OutputStream out) throws IOException {
    List<String> steps = Arrays.asList(file.path().split("/"));
    var name = Path.of(steps.getLast());
    new ContainedTree(folder)
        .at(
            steps.subList(0, steps.size() - 1),
            open -> {
              if (!SecureDirectories.readAttributes(open, name).isRegularFile()) return name;
              try (var in = Channels.newInputStream(FolderReader.channel(open, name))) {
                out.write(in.readNBytes((int) file.size()));
              }
              return name;
            });
  }

  /** What was put back on the record is put back, if it is not yet. */
  void settle(SessionId session) throws IOException {
    files.pathsOf(session); // Whoever asks for them finds them as the record says.
  }
}
