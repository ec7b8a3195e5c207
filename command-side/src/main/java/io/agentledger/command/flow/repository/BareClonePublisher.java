package io.agentledger.command.flow.repository;

import io.agentledger.api.identity.TenantId;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.shared.QuotaRejection.StorageFull;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.api.shared.WorkspaceRejection.WorkspaceRefused;
import io.agentledger.command.flow.provider.GitHubLogins;
import io.agentledger.command.flow.provider.ProviderRefusedException;
import io.agentledger.command.flow.provider.ProviderUnavailableException;
import io.agentledger.command.workspace.CheckpointFiles.CheckpointTree;
import io.agentledger.command.workspace.TreeRemover;
import io.agentledger.command.workspace.git.GitFetcher;
import io.agentledger.command.workspace.git.GitRemote;
import io.agentledger.command.workspace.git.TransferLimits;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.eclipse.jgit.api.errors.GitAPIException;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.transport.RemoteRefUpdate;

/**
 * Publishes from clean clones: the repositories of sessions, which agents write, are never opened.
 * The clones lie in one directory of the node, which is emptied when the service starts.
 */
final class BareClonePublisher implements RepositoryPublisher {
  private static final Pattern BRANCH = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._/-]{0,199}");
  private static final Set<String> TRANSIENT = Set.of("git_time", "git_unreachable");

  private static final Duration PERMIT_WAIT = Duration.ofSeconds(10);

  private final GitFetcher gitFetcher;
  private final GitHubLogins logins;
  private final Function<SessionId, Optional<CheckpointTree>> newestCheckpoint;
  private final PublishingSettings settings;
  private final Path clones;
  private final Semaphore permits;

  /**
   * @param clones directory of this node and this object alone
   */
  BareClonePublisher(
      GitFetcher gitFetcher,
      GitHubLogins logins,
      Function<SessionId, Optional<CheckpointTree>> newestCheckpoint,
      PublishingSettings settings,
      Path clones) {
    this.gitFetcher = gitFetcher;
    this.logins = logins;
    this.newestCheckpoint = newestCheckpoint;
    this.settings = settings;
    this.clones = clones;
    this.permits = new Semaphore(settings.maxConcurrent());
    removeLeftovers();
  }

  /** Removes the clones of a service that was killed. */
  private void removeLeftovers() {
    try (var leftovers = Files.list(clones)) {
      for (var clone : leftovers.toList()) TreeRemover.remove(clone);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot empty " + clones + ": " + e.getMessage(), e);
    }
  }

  private interface CloneOperation<R> {
    R run(BareClone clone, Map<String, ObjectId> branches) throws GitAPIException, IOException;
  }

  @Override
  public Optional<PublishedBranch> publish(TenantId tenant, PublishRequest request) {
    requireBranch(request);
    var checkpoint =
        newestCheckpoint
            .apply(request.session())
            .orElseThrow(
                () -> new ProviderRefusedException("The session has no stored files to publish."));
    if (!checkpoint.isCurrent())
      throw new ProviderRefusedException("The files of the session's last run are not stored.");
    var base = checkpoint.clonedCommit();
    if (base == null)
      throw new ProviderRefusedException(
          "The session's workspace was not created from a repository.");
    return withClone(
        tenant,
        request,
        (clone, branches) -> {
          clone.requireMerged(
              request.base(),
              branches.get(Constants.R_HEADS + request.base()),
              ObjectId.fromString(base));
          return publish(clone, branches, request, checkpoint);
        });
  }

  private static Optional<PublishedBranch> publish(
      BareClone clone,
      Map<String, ObjectId> branches,
      PublishRequest request,
      CheckpointTree checkpoint)
      throws GitAPIException, IOException {
    var commit = clone.commit(request, checkpoint, ObjectId.fromString(checkpoint.clonedCommit()));
    if (commit.isEmpty()) return Optional.empty();
    var published = new PublishedBranch(request.branch(), commit.get().name());
    var branch = branches.get(Constants.R_HEADS + request.branch());
    if (branch != null) {
      if (branch.equals(commit.get())) return Optional.of(published);
      clone.requireOwn(request, branch);
    }
    var expected = branch == null ? ObjectId.zeroId() : branch;
    requireDone(clone.push(request.branch(), commit.get(), expected));
    return Optional.of(published);
  }

  @Override
  public void deleteBranch(TenantId tenant, PublishRequest request) {
    requireBranch(request);
    withClone(
        tenant,
        request,
        (clone, branches) -> {
          var branch = branches.get(Constants.R_HEADS + request.branch());
          if (branch == null) return false;
          clone.requireOwn(request, branch);
          requireDone(clone.push(request.branch(), ObjectId.zeroId(), branch));
          return true;
        });
  }

  private static void requireBranch(PublishRequest request) {
    if (!BRANCH.matcher(request.branch()).matches()
        || !Repository.isValidRefName(Constants.R_HEADS + request.branch()))
      throw new ProviderRefusedException(
          "The branch must be a name that git permits, of letters, digits and ._/- and at most 200"
              + " characters.");
    if (request.branch().equals(request.base()))
      throw new ProviderRefusedException("The branch must differ from its base.");
  }

  private static void requireDone(RemoteRefUpdate.Status status) {
    switch (status) {
      case OK, UP_TO_DATE -> {}
      case REJECTED_REMOTE_CHANGED, REJECTED_NONFASTFORWARD, NOT_ATTEMPTED, AWAITING_REPORT ->
          throw new ProviderUnavailableException(
              "The branch was changed at the same time.", Duration.ZERO);
      default ->
          throw new ProviderRefusedException(
              "The repository's server refuses the push: a rule of the repository, such as branch"
                  + " protection, may forbid it.");
    }
  }

  private <R> R withClone(TenantId tenant, PublishRequest request, CloneOperation<R> operation) {
    var token = logins.gitToken(tenant, request.connection(), request.repositoryUrl());
    var limits =
        new TransferLimits(settings.cloneBytesMax().toBytes(), settings.pushBytesMax().toBytes());
    acquirePermit();
    try {
      return gitFetcher.withRemote(
          request.repositoryUrl(), token, limits, remote -> withClone(remote, operation));
    } catch (RejectionException e) {
      throw translate(e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      permits.release();
    }
  }

  private <R> R withClone(GitRemote remote, CloneOperation<R> operation)
      throws GitAPIException, IOException {
    var branches = remote.listBranches();
    try (var clone = new BareClone(Files.createTempDirectory(clones, "clone"), remote, settings)) {
      return operation.run(clone, branches);
    }
  }

  private void acquirePermit() {
    try {
      if (!permits.tryAcquire(PERMIT_WAIT.toSeconds(), TimeUnit.SECONDS))
        throw new PublisherBusyException();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ProviderUnavailableException("The publication was interrupted.", Duration.ZERO);
    }
  }

  private RuntimeException translate(RejectionException failure) {
    return switch (failure.rejection()) {
      case WorkspaceRefused refused when TRANSIENT.contains(refused.rule()) ->
          new ProviderUnavailableException(refused.detail(), Duration.ZERO);
      case WorkspaceRefused refused -> new ProviderRefusedException(refused.detail());
      case StorageFull _ ->
          new ProviderRefusedException(
              "The repository is larger than "
                  + settings.cloneBytesMax()
                  + " or the change is larger than "
                  + settings.pushBytesMax()
                  + "; agentledger.publishing.clone-bytes-max and push-bytes-max permit more.");
      default -> failure;
    };
  }
}
