package io.agentledger.command.workspace.git;

import io.agentledger.api.workspace.GitSource;
import io.agentledger.api.workspace.WorkspaceProvisioner.CheckedOut;
import io.agentledger.command.workspace.archive.CopyLimits;
import io.agentledger.command.workspace.archive.TreeBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.eclipse.jgit.api.Git;
import org.eclipse.jgit.api.TransportCommand;
import org.eclipse.jgit.api.errors.GitAPIException;
import org.eclipse.jgit.lib.ConfigConstants;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.lib.RefUpdate;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.lib.SubmoduleConfig.FetchRecurseSubmodulesMode;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.storage.file.FileRepositoryBuilder;
import org.eclipse.jgit.transport.TagOpt;
import org.eclipse.jgit.transport.TransportHttp;

/** Clone of one commit of a repository into a new directory. */
final class GitClone implements AutoCloseable {
  private static final String ORIGIN = "origin";
  private static final FileAttribute<?> PRIVATE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

  private final GitSource source;
  private final GitTransfer gitTransfer;
  private final GitCredentials credentials;
  private final Path into;
  private final Repository repository;

  GitClone(GitSource source, GitTransfer gitTransfer, GitCredentials credentials, Path into)
      throws IOException {
    this.source = source;
    this.gitTransfer = gitTransfer;
    this.credentials = credentials;
    this.into = into;
    this.repository =
        new FileRepositoryBuilder()
            .setWorkTree(into.toFile())
            .setGitDir(into.resolve(Constants.DOT_GIT).toFile())
            .setMustExist(false)
            .build();
  }

  CheckedOut checkOut(CopyLimits limits) throws GitAPIException, IOException {
    var remoteRef = RemoteRef.select(listRefs(), source.ref());
    long before = gitTransfer.remainingBytes();
    Files.createDirectory(into, PRIVATE);
    repository.create();
    configure(remoteRef);
    fetch(remoteRef);
    var commit = resolveCommit(remoteRef);
    long history = before - gitTransfer.remainingBytes();
    updateHead(remoteRef, commit);
    var rest =
        new CopyLimits(
            Math.max(0, limits.bytesMax() - history), limits.entriesMax(), limits.depthMax());
    var tree = new TreeBuilder(into, rest, Long.MAX_VALUE);
    new Checkout(repository, tree, gitTransfer).checkOut(treeOf(commit));
    var files = tree.finishWithoutCheck();
    return new CheckedOut(commit.name(), files.files(), files.bytes() + history);
  }

  private Map<String, Ref> listRefs() throws GitAPIException {
    return withTransport(Git.lsRemoteRepository().setRemote(gitTransfer.repository().toString()))
        .callAsMap();
  }

  private <C extends TransportCommand<C, ?>> C withTransport(C command) {
    credentials.provider().ifPresent(command::setCredentialsProvider);
    return command.setTransportConfigCallback(
        transport -> {
          if (!(transport instanceof TransportHttp http))
            throw new IllegalStateException("only HTTP is supported for repositories");
          http.setHttpConnectionFactory(GitConnection.factory(gitTransfer));
          credentials.applyTo(http);
        });
  }

  /**
   * Writes the configuration that git itself would write, and disables reference logs, which would
   * contain a name.
   */
  private void configure(RemoteRef remoteRef) throws IOException {
    var config = repository.getConfig();
    config.setString("remote", ORIGIN, "url", gitTransfer.repository().toString());
    config.setString("remote", ORIGIN, "fetch", "+refs/heads/*:refs/remotes/origin/*");
    if (remoteRef.isBranch()) {
      config.setString("branch", remoteRef.branch(), "remote", ORIGIN);
      config.setString("branch", remoteRef.branch(), "merge", remoteRef.name());
    }
    config.setBoolean(
        ConfigConstants.CONFIG_CORE_SECTION,
        null,
        ConfigConstants.CONFIG_KEY_LOGALLREFUPDATES,
        false);
    config.save();
  }

  private void fetch(RemoteRef remoteRef) throws GitAPIException {
    try (var git = new Git(repository)) {
      withTransport(git.fetch())
          .setRemote(ORIGIN)
          .setRefSpecs(remoteRef.refSpec())
          .setDepth(source.depth())
          .setTagOpt(TagOpt.NO_TAGS)
          .setRecurseSubmodules(FetchRecurseSubmodulesMode.NO)
          .setProgressMonitor(gitTransfer)
          .call();
    }
  }

  private ObjectId resolveCommit(RemoteRef remoteRef) throws IOException {
    var commit = repository.resolve(remoteRef.trackingRef() + "^{commit}");
    if (commit == null) throw TreeBuilder.rejection("git_ref", "The reference is not a commit.");
    return commit;
  }

  private ObjectId treeOf(ObjectId commit) throws IOException {
    try (var walk = new RevWalk(repository)) {
      return walk.parseCommit(commit).getTree().getId();
    }
  }

  /** Sets HEAD to the branch, or to the commit if it is not a branch. */
  private void updateHead(RemoteRef remoteRef, ObjectId commit) throws IOException {
    if (remoteRef.isBranch()) {
      update(repository.updateRef(remoteRef.name()), commit);
      repository.updateRef(Constants.HEAD).link(remoteRef.name());
    } else update(repository.updateRef(Constants.HEAD, true), commit);
    var config = repository.getConfig();
    config.unset(
        ConfigConstants.CONFIG_CORE_SECTION, null, ConfigConstants.CONFIG_KEY_LOGALLREFUPDATES);
    config.save();
  }

  private static void update(RefUpdate ref, ObjectId commit) throws IOException {
    ref.setNewObjectId(commit);
    ref.disableRefLog();
    var result = ref.forceUpdate();
    if (result != RefUpdate.Result.NEW
        && result != RefUpdate.Result.FORCED
        && result != RefUpdate.Result.FAST_FORWARD
        && result != RefUpdate.Result.NO_CHANGE)
      throw new IOException("the branch could not be set: " + result);
  }

  @Override
  public void close() {
    repository.close();
  }
}
