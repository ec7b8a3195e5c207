package io.agentledger.api.workspace;

import io.agentledger.api.session.SessionId;
import io.agentledger.api.shared.Page;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Current files of a session's workspace. A port and not a message, because it transfers file
 * content. It checks no access rights: the caller must have checked that the session may be seen,
 * or changed. The agent may change the files at any time; links are never followed. Fails with
 * {@code Rejected}: NotFound for an entry that does not exist, FileChanged or FileExists if a
 * condition does not hold, WorkspaceRefused if it is not a file, StorageFull.
 */
public interface WorkspaceFiles {
  /**
   * Lists a directory by name.
   *
   * @param folder steps from the workspace; none for the workspace itself
   * @param after a name; the page begins behind it
   */
  CompletionStage<Page<FileView>> list(
      SessionId session, List<String> folder, @Nullable String after, int limit);

  /** Opens a file; the caller closes it. */
  CompletionStage<OpenFile> open(SessionId session, FilePath path);

  /** Creates a staging file for an upload, beside the workspace. */
  CompletionStage<Path> createStagingFile(SessionId session);

  /** Deletes a staged file or an unpacked tree of a session. */
  CompletionStage<Void> deleteStaged(SessionId session, Path staged);

  /** Moves a staged file to its path, atomically; creates missing directories. */
  CompletionStage<FileView> put(
      SessionId session, Path staged, FilePath path, FileCondition condition);

  /**
   * Unpacks an archive beside the workspace: zip, tar or tar.gz, detected by content. The workspace
   * does not change. Fails as {@link WorkspaceProvisioner#stageUploads} does.
   */
  CompletionStage<Unpacked> unpack(SessionId session, Path staged, long mibMax);

  /**
   * Moves an unpacked tree into a directory of the workspace, each file atomically; files of the
   * same name are replaced, others stay.
   *
   * @param folder steps from the workspace; none for the workspace itself
   */
  CompletionStage<Void> moveInto(SessionId session, Path tree, List<String> folder);

  /**
   * Archives the whole workspace as a tar.gz: sorted by name, without owners, links as links. The
   * same files result in the same bytes.
   */
  CompletionStage<ArchiveWriter> archive(SessionId session);

  /** Deletes a file, a link, or an empty directory. */
  CompletionStage<Void> delete(SessionId session, FilePath path, FileCondition condition);

  /**
   * Result of unpacking an archive.
   *
   * @param tree beside the workspace
   * @param bytes lengths of the files
   * @param diskBytes what counts against limits: directories, too
   */
  record Unpacked(Path tree, long files, long bytes, long diskBytes) {}

  /** Writes an archive with backpressure. Blocks; files that change meanwhile may be truncated. */
  interface ArchiveWriter {
    void writeTo(OutputStream out) throws IOException;

    /**
     * Returns the executor to write on, where tenants take turns. A {@link
     * java.util.concurrent.Future} that is cancelled before it runs leaves its queue.
     */
    Executor executor();
  }

  /**
   * An open file.
   *
   * @param channel at its beginning; the agent may change the file's length meanwhile
   */
  record OpenFile(FileView view, SeekableByteChannel channel) {}
}
