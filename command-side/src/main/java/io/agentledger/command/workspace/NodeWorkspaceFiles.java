package io.agentledger.command.workspace;

import io.agentledger.api.session.SessionId;
import io.agentledger.api.shared.Page;
import io.agentledger.api.shared.Rejected;
import io.agentledger.api.shared.Rejection.NotFound;
import io.agentledger.api.shared.SessionRejection.FileChanged;
import io.agentledger.api.shared.SessionRejection.WorkspaceRefused;
import io.agentledger.api.workspace.FilePath;
import io.agentledger.api.workspace.FileView;
import io.agentledger.api.workspace.FileView.Kind;
import io.agentledger.api.workspace.Sent;
import io.agentledger.api.workspace.WorkspaceFiles;
import io.agentledger.command.claude.SessionFiles;
import io.agentledger.command.support.OpenedFolders;
import io.agentledger.command.workspace.tree.CopyLimits;
import io.agentledger.command.workspace.tree.SentTree;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** Workspaces on this node's disk. */
final class NodeWorkspaceFiles implements WorkspaceFiles {
  private static final String STAGED = "put";

  private final SessionFiles files;
  private final Executor readers;
  private final Executor copiers;

  /** The threads are the bounds: copiers for what takes long. */
  NodeWorkspaceFiles(SessionFiles files, Executor readers, Executor copiers) {
    this.files = files;
    this.readers = readers;
    this.copiers = copiers;
  }

  @Override
  public CompletionStage<Page<FileView>> list(
      SessionId session, List<String> folder, @Nullable String after, int limit) {
    return later(
        () ->
            inside(session)
                .at(
                    folder,
                    open -> {
                      var names = OpenFolder.names(open, Objects.requireNonNullElse(after, ""));
                      var views = new ArrayList<FileView>();
                      for (var name : names.subList(0, Math.min(limit, names.size())))
                        view(open, folder, name, views);
                      return new Page<>(views, names.size() > limit ? names.get(limit - 1) : null);
                    }));
  }

  private static void view(
      SecureDirectoryStream<Path> open, List<String> folder, String name, List<FileView> views)
      throws IOException {
    try {
      views.add(FileViews.of(folder, name, OpenedFolders.found(open, Path.of(name))));
    } catch (NoSuchFileException vanished) {
      // It is not there.
    }
  }

  @Override
  public CompletionStage<OpenFile> open(SessionId session, FilePath path) {
    return later(
        () ->
            inside(session)
                .at(
                    path.folders(),
                    folder -> {
                      var name = Path.of(path.name());
                      var view = FileViews.of(path.folders(), path.name(), required(folder, path));
                      if (view.kind() != Kind.FILE) throw notAFile(path);
                      return new OpenFile(view, opened(folder, name, path));
                    }));
  }

  private static PosixFileAttributes required(SecureDirectoryStream<Path> folder, FilePath path)
      throws IOException {
    try {
      return OpenedFolders.found(folder, Path.of(path.name()));
    } catch (NoSuchFileException none) {
      throw new Rejected(new NotFound("file", path.toString()));
    }
  }

  private static SeekableByteChannel opened(
      SecureDirectoryStream<Path> folder, Path name, FilePath path) throws IOException {
    try {
      var channel = OpenFolder.channel(folder, name);
      if (OpenFolder.hasPositions(channel)) return channel;
      channel.close();
      throw notAFile(path);
    } catch (NoSuchFileException gone) {
      throw new Rejected(new NotFound("file", path.toString()));
    }
  }

  private static Rejected notAFile(FilePath path) {
    return new Rejected(new WorkspaceRefused("not_a_file", "Not a file: " + path));
  }

  @Override
  public CompletionStage<Path> stage(SessionId session) {
    return later(
        () ->
            Files.createFile(
                beside(session).resolve(UUID.randomUUID().toString()),
                PosixFilePermissions.asFileAttribute(
                    PosixFilePermissions.fromString("rw-------"))));
  }

  /** Of the service's own, on the workspace's file system. */
  private Path beside(SessionId session) throws IOException {
    var folder = files.of(session).base().resolve(STAGED);
    if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS))
      Files.createDirectories(
          folder,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    return folder;
  }

  @Override
  public CompletionStage<Void> unstage(Path staged) {
    return later(
        () -> {
          Removal.of(staged);
          return null;
        });
  }

  @Override
  public CompletionStage<FileView> put(
      SessionId session, Path staged, FilePath path, @Nullable String ifMatch) {
    return later(
        () -> {
          var tree = files.of(session);
          var inside = new InsideTree(tree.workspace());
          inside.make(path.folders(), beside(session), tree::give);
          Files.setPosixFilePermissions(staged, PosixFilePermissions.fromString("rw-r--r--"));
          tree.give(staged);
          files.touched(session);
          return inside.at(
              path.folders(),
              folder -> {
                refuseChanged(folder, path, ifMatch);
                replace(staged, folder, path);
                return FileViews.of(path.folders(), path.name(), required(folder, path));
              });
        });
  }

  @Override
  public CompletionStage<Unpacked> unpack(SessionId session, Path staged, long mibMax) {
    return later(
        () -> {
          var tree = beside(session).resolve(UUID.randomUUID().toString());
          try {
            var sent = List.of(new Sent(staged, null));
            var made = SentTree.make(sent, tree, CopyLimits.ofMib(mibMax));
            return new Unpacked(tree, made.files(), made.bytes());
          } catch (IOException | RuntimeException failed) {
            Removal.of(tree);
            throw failed;
          } finally {
            Files.deleteIfExists(staged);
          }
        },
        copiers);
  }

  @Override
  public CompletionStage<Void> place(SessionId session, Path tree, List<String> folder) {
    return later(
        () -> {
          var files = this.files.of(session);
          this.files.touched(session);
          new TreePlacing(new InsideTree(files.workspace()), beside(session), files::give)
              .place(tree, folder);
          Removal.of(tree);
          return null;
        },
        copiers);
  }

  @Override
  public CompletionStage<Packing> pack(SessionId session) {
    return later(() -> new TreePacking(files.of(session).workspace()));
  }

  private static void replace(Path staged, SecureDirectoryStream<Path> folder, FilePath path)
      throws IOException {
    try {
      InsideTree.move(staged, folder, Path.of(path.name()));
    } catch (FileSystemException inTheWay) {
      throw new Rejected(new WorkspaceRefused("not_a_file", "A folder stands in the way: " + path));
    }
  }

  private static void refuseChanged(
      SecureDirectoryStream<Path> folder, FilePath path, @Nullable String ifMatch)
      throws IOException {
    if (ifMatch == null) return;
    try {
      var found = OpenedFolders.found(folder, Path.of(path.name()));
      if (found.isRegularFile() && FileViews.etag(found).equals(ifMatch)) return;
    } catch (NoSuchFileException none) {
      // Then it is not what the caller saw.
    }
    throw new Rejected(new FileChanged(path.toString()));
  }

  @Override
  public CompletionStage<Void> delete(SessionId session, FilePath path, @Nullable String ifMatch) {
    return later(
        () -> {
          files.touched(session);
          inside(session).at(path.folders(), folder -> deleted(folder, path, ifMatch));
          return null;
        });
  }

  private static FilePath deleted(
      SecureDirectoryStream<Path> folder, FilePath path, @Nullable String ifMatch)
      throws IOException {
    var found = required(folder, path);
    refuseChanged(folder, path, ifMatch);
    delete(folder, path, found);
    return path;
  }

  private static void delete(
      SecureDirectoryStream<Path> folder, FilePath path, PosixFileAttributes found)
      throws IOException {
    var name = Path.of(path.name());
    try {
      if (found.isDirectory()) folder.deleteDirectory(name);
      else folder.deleteFile(name);
    } catch (DirectoryNotEmptyException filled) {
      throw new Rejected(new WorkspaceRefused("not_empty", "Not empty: " + path));
    } catch (NoSuchFileException gone) {
      throw new Rejected(new NotFound("file", path.toString()));
    }
  }

  private InsideTree inside(SessionId session) throws IOException {
    return new InsideTree(files.of(session).workspace());
  }

  private <T> CompletionStage<T> later(Callable<T> work) {
    return later(work, readers);
  }

  private static <T> CompletionStage<T> later(Callable<T> work, Executor by) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return work.call();
          } catch (RuntimeException e) {
            throw e;
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          } catch (Exception e) {
            throw new CompletionException(e);
          }
        },
        by);
  }
}
