package io.agentledger.command.workspace;

import io.agentledger.api.identity.TenantId;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.api.shared.WorkspaceRejection.WorkspaceRefused;
import io.agentledger.api.workspace.GitSource;
import io.agentledger.api.workspace.StagedUpload;
import io.agentledger.api.workspace.WorkspaceProvisioner;
import io.agentledger.command.claude.files.NodeWorkspaces;
import io.agentledger.command.claude.files.StagingDirectory;
import io.agentledger.command.support.CancellableOperation;
import io.agentledger.command.workspace.archive.CopyLimits;
import io.agentledger.command.workspace.archive.UploadUnpacker;
import io.agentledger.command.workspace.git.GitFetcher;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.LongFunction;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Creates workspaces on this node's disk, with few concurrent copies, because the database uses the
 * same disk. After a failure the copied files are deleted before the failure is reported.
 */
public final class LocalWorkspaceProvisioner implements WorkspaceProvisioner {
  private static final Logger log = LoggerFactory.getLogger(LocalWorkspaceProvisioner.class);

  private final NodeWorkspaces nodeWorkspaces;
  private final LongFunction<CopyLimits> limits;
  private final Predicate<SessionId> isOpened;
  private final GitFetcher git;
  private final Function<TenantId, Executor> copiers;
  private final Function<TenantId, Executor> fetchers;

  /**
   * Creates a provisioner with the limits of the service.
   *
   * @param isOpened whether a session is recorded, so that its files must not be discarded
   */
  public LocalWorkspaceProvisioner(
      NodeWorkspaces nodeWorkspaces,
      Predicate<SessionId> isOpened,
      GitFetcher git,
      Function<TenantId, Executor> copiers,
      Function<TenantId, Executor> fetchers) {
    this(nodeWorkspaces, isOpened, CopyLimits::ofMib, git, copiers, fetchers);
  }

  /** Creates a provisioner with limits in MiB. */
  LocalWorkspaceProvisioner(
      NodeWorkspaces nodeWorkspaces,
      Predicate<SessionId> isOpened,
      LongFunction<CopyLimits> limits,
      GitFetcher git,
      Function<TenantId, Executor> copiers,
      Function<TenantId, Executor> fetchers) {
    this.nodeWorkspaces = nodeWorkspaces;
    this.isOpened = isOpened;
    this.limits = limits;
    this.git = git;
    this.copiers = copiers;
    this.fetchers = fetchers;
  }

  @Override
  public CompletionStage<Staged> stageCopy(
      SessionId session, TenantId tenant, Path folder, long mibMax) {
    return runAsync(
        () -> stage(session, to -> copyFolder(folder, to, limits.apply(mibMax))),
        copiers.apply(tenant));
  }

  @Override
  public CompletionStage<CheckedOut> stageRepository(
      SessionId session, TenantId tenant, GitSource source, long mibMax) {
    return runAsync(
        () -> {
          var commit = new AtomicReference<String>();
          var staged =
              stage(
                  session,
                  to -> {
                    var checkedOut = git.checkOut(source, tenant, to, limits.apply(mibMax));
                    commit.set(checkedOut.commit());
                    return new Staged(checkedOut.files(), checkedOut.bytes());
                  });
          return new CheckedOut(commit.get(), staged.files(), staged.bytes());
        },
        fetchers.apply(tenant));
  }

  /** Copies nothing, and so waits for no copy. */
  @Override
  public CompletionStage<Staged> stageEmpty(SessionId session) {
    return runAsync(
        () ->
            stage(
                session,
                () -> {
                  nodeWorkspaces.createEmpty(session);
                  return new Staged(0, 0);
                }),
        Thread::startVirtualThread);
  }

  /** Returns immediately, even while other copies are in progress. */
  @Override
  public CompletionStage<Path> createStagingFile(SessionId session) {
    return runAsync(
        () -> {
          var base = Objects.requireNonNull(nodeWorkspaces.resolve(session).getParent());
          return StagingDirectory.in(base).create().createFile();
        },
        Thread::startVirtualThread);
  }

  @Override
  public CompletionStage<Staged> stageUploads(
      SessionId session, TenantId tenant, List<StagedUpload> stagedUploads, long mibMax) {
    return runAsync(
        () -> {
          try {
            return stage(
                session, to -> UploadUnpacker.createTree(stagedUploads, to, limits.apply(mibMax)));
          } finally {
            for (var stagedUpload : stagedUploads) Files.deleteIfExists(stagedUpload.stagedFile());
          }
        },
        copiers.apply(tenant));
  }

  @Override
  public CompletionStage<Void> discard(SessionId session) {
    return runAsync(
        () -> {
          if (!isOpened.test(session)) nodeWorkspaces.delete(session);
          return null;
        },
        Thread.ofPlatform().name("workspace-discard").daemon()::start);
  }

  /** Creates a workspace. */
  private interface Staging {
    Staged create() throws IOException;
  }

  /** Fills a workspace. */
  private interface WorkspaceSource {
    Staged writeTo(Path workspace) throws IOException;
  }

  private Staged stage(SessionId session, WorkspaceSource workspaceSource) throws IOException {
    return stage(
        session,
        () -> {
          var staged = workspaceSource.writeTo(nodeWorkspaces.resolve(session));
          nodeWorkspaces.chown(session);
          return staged;
        });
  }

  private Staged stage(SessionId session, Staging staging) throws IOException {
    try {
      return staging.create();
    } catch (IOException | RuntimeException e) {
      discardQuietly(session);
      throw e;
    }
  }

  private void discardQuietly(SessionId session) {
    try {
      if (!isOpened.test(session)) nodeWorkspaces.delete(session);
    } catch (IOException | RuntimeException e) {
      log.atError()
          .addKeyValue("sessionId", session)
          .setCause(e)
          .log("could not delete a workspace that could not be created");
    }
  }

  private Staged copyFolder(Path folder, Path workspace, CopyLimits copyLimits) throws IOException {
    var source = realPath(folder);
    if (!Files.isDirectory(source)) throw rejection("not_a_folder", "Not a folder: " + folder);
    var home = Objects.requireNonNull(workspace.toAbsolutePath().getParent(), "a folder's folder");
    if (realPath(home).startsWith(source))
      throw rejection("holds_itself", "The workspace would be inside the copied folder: " + folder);
    if (!Files.isReadable(source) || !Files.isExecutable(source))
      throw rejection("unreadable", "Cannot be read: " + folder);
    return new FolderCopier(copyLimits, workspace).copy(source);
  }

  private static Path realPath(Path folder) throws IOException {
    try {
      return folder.toRealPath();
    } catch (NoSuchFileException e) {
      throw rejection("not_found", "There is no folder " + folder + ".");
    }
  }

  private static RejectionException rejection(String rule, String detail) {
    return new RejectionException(new WorkspaceRefused(rule, detail));
  }

  private static <T> CompletionStage<T> runAsync(Callable<T> work, Executor executor) {
    return CancellableOperation.submit(
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
        executor);
  }
}
