package io.agentledger.api.workspace;

import io.agentledger.api.session.SessionId;
import io.agentledger.api.shared.Page;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * The files that a session works with, as they are now. A port, since bytes are no message. It
 * judges nobody: whoever calls it has asked whether the session may be seen, or changed. The agent
 * may change the files at any time; no link is ever followed. Fails with {@code Rejected}: NotFound
 * for what is not there, FileChanged when it is not what the caller saw, WorkspaceRefused for what
 * is no file, StorageFull.
 */
public interface WorkspaceFiles {
  /**
   * What is in a folder, by name.
   *
   * @param folder steps from the workspace; none for itself
   * @param after a name; the page begins behind it
   */
  CompletionStage<Page<FileView>> list(
      SessionId session, List<String> folder, @Nullable String after, int limit);

  /** A file that is open: the caller reads and closes it. */
  CompletionStage<OpenFile> open(SessionId session, FilePath path);

  /** A place for a file that is being sent, beside the workspace. */
  CompletionStage<Path> createStagingFile(SessionId session);

  /** What was staged or unpacked and is not wanted any more. */
  CompletionStage<Void> deleteStaged(Path staged);

  /**
   * Puts a staged file in its place, in one step; folders on the way are made.
   *
   * @param ifMatch the etag that the file must have now; null for any, and for none
   */
  CompletionStage<FileView> put(
      SessionId session, Path staged, FilePath path, @Nullable String ifMatch);

  /**
   * Unpacks an archive beside the workspace: zip, tar or tar.gz, known by its bytes. Nothing of it
   * is in the workspace yet. Fails as {@code Workspaces.fill} does.
   */
  CompletionStage<Unpacked> unpack(SessionId session, Path staged, long mibMax);

  /**
   * Puts an unpacked tree into a folder of the workspace, each file in one step; what has the same
   * name is replaced, what has another one stays.
   *
   * @param folder steps from the workspace; none for itself
   */
  CompletionStage<Void> moveInto(SessionId session, Path tree, List<String> folder);

  /**
   * All of the workspace as a tar.gz: in order of the names, owners left out, links as links. The
   * same files make the same bytes.
   */
  CompletionStage<ArchiveWriter> archive(SessionId session);

  /** A file, a link, or an empty folder. */
  CompletionStage<Void> delete(SessionId session, FilePath path, @Nullable String ifMatch);

  /**
   * Result of unpacking an archive.
   *
   * @param tree beside the workspace
   */
  record Unpacked(Path tree, long files, long bytes) {}

  /** Writes an archive, as fast as it is taken. Blocks; what changes meanwhile may be cut off. */
  interface ArchiveWriter {
    void writeTo(OutputStream out) throws IOException;
  }

  /**
   * An open file.
   *
   * @param channel at its beginning; the agent may make it shorter or longer meanwhile
   */
  record OpenFile(FileView view, SeekableByteChannel channel) {}
}
