package io.agentledger.command.workspace;

import io.agentledger.api.session.SessionId;
import io.agentledger.api.shared.Page;
import io.agentledger.api.shared.Rejection.NotFound;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.api.shared.WorkspaceRejection.WorkspaceRefused;
import io.agentledger.api.workspace.FileCondition;
import io.agentledger.api.workspace.FilePath;
import io.agentledger.api.workspace.FileView;
import io.agentledger.api.workspace.FileView.FileType;
import io.agentledger.api.workspace.StagedUpload;
import io.agentledger.api.workspace.WorkspaceFiles;
import io.agentledger.command.claude.files.SessionFiles;
import io.agentledger.command.claude.files.StagingDirectory;
import io.agentledger.command.claude.host.DirectoryRefusedException;
import io.agentledger.command.claude.host.DiskUsage;
import io.agentledger.command.claude.sandbox.SessionPaths;
import io.agentledger.command.claude.snapshot.LiveTreeScanner;
import io.agentledger.command.claude.snapshot.SnapshotSettings;
import io.agentledger.command.claude.snapshot.TreeTooLargeException;
import io.agentledger.command.support.CancellableOperation;
import io.agentledger.command.support.SecureDirectories;
import io.agentledger.command.workspace.archive.CopyLimits;
import io.agentledger.command.workspace.archive.UploadUnpacker;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** Workspaces on this node's disk. */
final class LocalWorkspaceFiles implements WorkspaceFiles {
  private final SessionFiles files;
  private final WorkspaceLimits limits;
  private final SnapshotSettings archiveLimits;
  private final FileExecutors executors;

  /**
   * @param archiveLimits limits of what is served, because sparse files may have any length
   */
  LocalWorkspaceFiles(
      SessionFiles files,
      WorkspaceLimits limits,
      SnapshotSettings archiveLimits,
      FileExecutors executors) {
    this.files = files;
    this.limits = limits;
    this.archiveLimits = archiveLimits;
    this.executors = executors;
  }

  @Override
  public CompletionStage<Page<FileView>> list(
      SessionId session, List<String> folder, @Nullable String after, int limit) {
    return runAsync(
        session,
        () ->
            containedTree(session)
                .inDirectory(
                    folder,
                    directory -> {
                      var names =
                          FolderReader.listNames(directory, Objects.requireNonNullElse(after, ""));
                      var views = new ArrayList<FileView>();
                      for (var name : names.subList(0, Math.min(limit, names.size())))
                        addView(directory, folder, name, views);
                      return new Page<>(views, names.size() > limit ? names.get(limit - 1) : null);
                    }));
  }

  private static void addView(
      SecureDirectoryStream<Path> directory, List<String> folder, String name, List<FileView> views)
      throws IOException {
    try {
      views.add(
          FileViewMapper.toView(
              folder, name, SecureDirectories.readAttributes(directory, Path.of(name))));
    } catch (NoSuchFileException e) {
      // It does not exist.
    }
  }

  @Override
  public CompletionStage<OpenFile> open(SessionId session, FilePath path) {
    return runAsync(
        session,
        () ->
            containedTree(session)
                .inDirectory(
                    path.folders(),
                    folder -> {
                      var name = Path.of(path.name());
                      var view = new WorkspaceEntry(folder, path).view();
                      if (view.type() != FileType.FILE) throw notAFile(path);
                      requireWithinLimit(view);
                      return new OpenFile(view, openFile(folder, name, path));
                    }));
  }

  private void requireWithinLimit(FileView view) {
    if (view.sizeBytes() > archiveLimits.bytesMax())
      throw tooLarge("The file has more than " + archiveLimits.mibMax() + " MiB.");
  }

  private static RejectionException tooLarge(String detail) {
    return new RejectionException(new WorkspaceRefused("too_large", detail));
  }

  private static SeekableByteChannel openFile(
      SecureDirectoryStream<Path> folder, Path name, FilePath path) throws IOException {
    try {
      var channel = SecureDirectories.openFile(folder, name);
      if (SecureDirectories.isSeekable(channel)) return channel;
      channel.close();
      throw notAFile(path);
    } catch (NoSuchFileException e) {
      throw new RejectionException(new NotFound("file", path.toString()));
    }
  }

  private static RejectionException notAFile(FilePath path) {
    return new RejectionException(new WorkspaceRefused("not_a_file", "Not a file: " + path));
  }

  @Override
  public CompletionStage<Path> createStagingFile(SessionId session) {
    return runAsync(session, () -> inStagingDirectory(session, StagingDirectory::createFile));
  }

  /** Creates a staged file or directory. */
  private interface StagedCreation {
    Path create(StagingDirectory directory) throws IOException;
  }

  /** Creates a staged path while the session cannot be deleted, which would not find it. */
  private Path inStagingDirectory(SessionId session, StagedCreation creation) throws IOException {
    return files.exclusively(
        session, () -> creation.create(stagingDirectory(files.pathsOf(session)).create()));
  }

  private static StagingDirectory stagingDirectory(SessionPaths paths) {
    return StagingDirectory.in(paths.base());
  }

  @Override
  public CompletionStage<Void> deleteStaged(SessionId session, Path staged) {
    return runAsync(
        session,
        () -> {
          try {
            TreeRemover.remove(staged);
          } catch (NoSuchFileException e) {
            // Its session is being deleted.
          }
          return null;
        });
  }

  @Override
  public CompletionStage<FileView> put(
      SessionId session, Path staged, FilePath path, FileCondition condition) {
    return runAsync(
        session,
        () ->
            files.change(
                session,
                paths -> {
                  requireUsablePath(paths, Path.of(path.toString()));
                  return writerFor(session, paths).put(staged, path, condition);
                }));
  }

  /** Rejects a path that would be too long to be measured by the next change. */
  private static void requireUsablePath(SessionPaths paths, Path path) {
    if (DiskUsage.isTooLong(paths.workspace().resolve(path)))
      throw tooLarge(
          "The path is too long: folders and name may have "
              + DiskUsage.pathBytesMax(paths.workspace())
              + " bytes together.");
  }

  private WorkspaceWriter writerFor(SessionId session, SessionPaths paths) throws IOException {
    return paths.boundDirectory().isPresent()
        ? new BoundWorkspaceWriter(paths, files.ownerScripts())
        : new ManagedWorkspaceWriter(
            session, paths, stagingDirectory(paths).create().path(), limits);
  }

  @Override
  public CompletionStage<Unpacked> unpack(SessionId session, Path staged, long mibMax) {
    return runAsync(
        () -> {
          var tree = inStagingDirectory(session, StagingDirectory::createDirectory);
          try {
            var stagedUploads = List.of(new StagedUpload(staged, null));
            var result = UploadUnpacker.createTree(stagedUploads, tree, CopyLimits.ofMib(mibMax));
            return new Unpacked(tree, result.files(), result.bytes(), DiskUsage.bytes(tree));
          } catch (NoSuchFileException e) {
            files.pathsOf(session); // Throws if the session was deleted meanwhile.
            TreeRemover.remove(tree);
            throw e;
          } catch (IOException | RuntimeException e) {
            TreeRemover.remove(tree);
            throw e;
          } finally {
            Files.deleteIfExists(staged);
          }
        },
        executors.copier(session));
  }

  @Override
  public CompletionStage<Void> moveInto(SessionId session, Path tree, List<String> folder) {
    return runAsync(
        () -> {
          var unpacked = UnpackedTree.prepare(tree, files.pathsOf(session));
          files.change(
              session,
              paths -> {
                requireUsablePath(
                    paths, Path.of(String.join("/", folder)).resolve(unpacked.longestPath()));
                writerFor(session, paths).moveIn(unpacked, folder);
                return tree;
              });
          TreeRemover.remove(tree);
          return null;
        },
        executors.copier(session));
  }

  @Override
  public CompletionStage<ArchiveWriter> archive(SessionId session) {
    var executor = executors.packer(session);
    return runAsync(
        () -> {
          var workspace = files.pathsOf(session).workspace();
          try {
            LiveTreeScanner.requireWithinLimits(workspace, archiveLimits);
          } catch (TreeTooLargeException e) {
            throw tooLarge("The workspace has " + e.getMessage() + ".");
          }
          return new WorkspaceArchive(
              new TarGzPacker(workspace, archiveLimits.bytesMax()), executor);
        },
        executor);
  }

  @Override
  public CompletionStage<Void> delete(SessionId session, FilePath path, FileCondition condition) {
    return runAsync(
        session,
        () -> {
          files.change(
              session,
              paths -> {
                writerFor(session, paths).delete(path, condition);
                return path;
              });
          return null;
        });
  }

  private ContainedTree containedTree(SessionId session) throws IOException {
    return new ContainedTree(files.pathsOf(session).workspace());
  }

  /** Returns the rejection for a bound directory that is not available. */
  static RejectionException rejection(DirectoryRefusedException e) {
    return new RejectionException(new WorkspaceRefused(e.rule(), String.valueOf(e.getMessage())));
  }

  private <T> CompletionStage<T> runAsync(SessionId session, Callable<T> work) {
    return runAsync(work, executors.reader(session));
  }

  private static <T> CompletionStage<T> runAsync(Callable<T> work, Executor executor) {
    return CancellableOperation.submit(
        () -> {
          try {
            return work.call();
          } catch (RuntimeException e) {
            throw e;
          } catch (DirectoryRefusedException e) {
            throw rejection(e);
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          } catch (Exception e) {
            throw new CompletionException(e);
          }
        },
        executor);
  }
}
