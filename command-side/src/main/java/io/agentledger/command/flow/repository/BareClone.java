package io.agentledger.command.flow.repository;

import io.agentledger.command.flow.provider.ProviderRefusedException;
import io.agentledger.command.flow.provider.SafeMarkdown;
import io.agentledger.command.workspace.CheckpointFiles.CheckpointTree;
import io.agentledger.command.workspace.TreeRemover;
import io.agentledger.command.workspace.git.GitRemote;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.regex.Pattern;
import org.eclipse.jgit.api.errors.GitAPIException;
import org.eclipse.jgit.lib.CommitBuilder;
import org.eclipse.jgit.lib.ConfigConstants;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.PersonIdent;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.storage.file.FileRepositoryBuilder;
import org.eclipse.jgit.transport.RefSpec;
import org.eclipse.jgit.transport.RemoteRefUpdate;
import org.jspecify.annotations.Nullable;

/**
 * Bare repository in a temporary directory, with one commit of a remote repository and without any
 * working files; deleted when it is closed. For one thread.
 */
final class BareClone implements AutoCloseable {
  private static final Pattern AUTHOR =
      Pattern.compile("([^<>\\n]{1,100}?)\\s*<([^<>\\s]{1,200})>");
  private static final int MESSAGE_LENGTH_MAX = 10_000;

  private final Path directory;
  private final GitRemote remote;
  private final PublishingSettings settings;
  private final Repository repository;

  BareClone(Path directory, GitRemote remote, PublishingSettings settings) throws IOException {
    this.directory = directory;
    this.remote = remote;
    this.settings = settings;
    this.repository = new FileRepositoryBuilder().setBare().setGitDir(directory.toFile()).build();
    repository.create(true);
    preventCollection();
  }

  /** Prevents JGit from collecting garbage, which it would do while the directory is deleted. */
  private void preventCollection() throws IOException {
    var config = repository.getConfig();
    config.setInt(ConfigConstants.CONFIG_GC_SECTION, null, "auto", 0);
    config.setBoolean(ConfigConstants.CONFIG_GC_SECTION, null, "autoDetach", false);
    config.save();
  }

  /** Commits the files of a checkpoint on a base; empty if they are those of the base. */
  Optional<ObjectId> commit(PublishRequest request, CheckpointTree checkpoint, ObjectId base)
      throws GitAPIException, IOException {
    var tree = fetch(base).getTree().getId();
    var changed = new WorkspaceTree(repository, checkpoint, new ChangeRules(settings)).write(tree);
    if (changed.equals(tree)) return Optional.empty();
    var commit = new CommitBuilder();
    commit.setTreeId(changed);
    commit.setParentId(base);
    commit.setAuthor(author(request.author(), checkpoint.takenAt()));
    commit.setCommitter(committer(checkpoint.takenAt()));
    commit.setMessage(
        SafeMarkdown.limited(request.message(), MESSAGE_LENGTH_MAX).strip()
            + "\n\n"
            + request.trailer()
            + "\n");
    try (var inserter = repository.newObjectInserter()) {
      var id = inserter.insert(commit);
      inserter.flush();
      return Optional.of(id);
    }
  }

  /**
   * Refuses a commit that is not part of a branch's history: the repository's server may also know
   * commits of forks. The history is fetched into a repository of its own, because it has no files.
   *
   * @param newest commit of the branch; null if there is no such branch
   */
  void requireMerged(String branch, @Nullable ObjectId newest, ObjectId commit)
      throws GitAPIException, IOException {
    if (newest == null)
      throw new ProviderRefusedException("The repository has no branch " + branch + ".");
    if (newest.equals(commit)) return;
    try (var history = new BareClone(directory.resolve("history"), remote, settings)) {
      if (!history.isMerged(newest, commit))
        throw new ProviderRefusedException(
            "The commit that the workspace was created from does not belong to the branch "
                + branch
                + " of the repository.");
    }
  }

  private boolean isMerged(ObjectId newest, ObjectId commit) throws GitAPIException, IOException {
    remote.fetchHistory(repository, new RefSpec(newest.name()));
    if (!repository.getObjectDatabase().has(commit)) return false;
    try (var walk = new RevWalk(repository)) {
      return walk.isMergedInto(walk.parseCommit(commit), walk.parseCommit(newest));
    }
  }

  private RevCommit fetch(ObjectId id) throws GitAPIException, IOException {
    remote.fetch(repository, new RefSpec(id.name()));
    try (var walk = new RevWalk(repository)) {
      var commit = walk.parseCommit(id);
      walk.parseBody(commit);
      return commit;
    }
  }

  /** Returns the author. Times are those of the checkpoint, so that repetitions are equal. */
  private PersonIdent author(String author, Instant at) {
    if (author.isBlank()) return committer(at);
    var parts = AUTHOR.matcher(author.strip());
    return parts.matches()
        ? new PersonIdent(parts.group(1), parts.group(2), at, ZoneOffset.UTC)
        : new PersonIdent(author.strip(), settings.committerEmail(), at, ZoneOffset.UTC);
  }

  private PersonIdent committer(Instant at) {
    return new PersonIdent(settings.committerName(), settings.committerEmail(), at, ZoneOffset.UTC);
  }

  /** Refuses a branch whose newest commit is not one of the service for the request. */
  void requireOwn(PublishRequest request, ObjectId newest) throws GitAPIException, IOException {
    var commit = fetch(newest);
    boolean isOwn =
        commit.getCommitterIdent().getEmailAddress().equals(settings.committerEmail())
            && commit.getFullMessage().stripTrailing().endsWith("\n" + request.trailer());
    if (!isOwn)
      throw new ProviderRefusedException(
          "The branch "
              + request.branch()
              + " exists and its newest commit is not one of this flow.");
  }

  /**
   * Pushes a commit to a branch, or deletes the branch, if the branch is still at the expected
   * commit.
   *
   * @param commit zero to delete the branch
   * @param expected zero for a new branch
   */
  RemoteRefUpdate.Status push(String branch, ObjectId commit, ObjectId expected)
      throws IOException {
    boolean isDeletion = commit.equals(ObjectId.zeroId());
    var update =
        new RemoteRefUpdate(
            repository,
            isDeletion ? null : commit.name(),
            commit,
            Constants.R_HEADS + branch,
            true,
            null,
            expected);
    return remote.push(repository, update);
  }

  @Override
  public void close() throws IOException {
    repository.close();
    TreeRemover.remove(directory);
  }
}
