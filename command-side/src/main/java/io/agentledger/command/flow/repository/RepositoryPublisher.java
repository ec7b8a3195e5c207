package io.agentledger.command.flow.repository;

import io.agentledger.api.identity.TenantId;
import io.agentledger.command.flow.provider.ProviderRefusedException;
import io.agentledger.command.flow.provider.ProviderUnavailableException;
import java.util.Optional;

/**
 * Publishes the files of sessions in repositories. Blocks; called by jobs, which repeat calls after
 * failures. Each call throws {@link ProviderUnavailableException} if a repetition may succeed, and
 * {@link ProviderRefusedException} if it may not. Thread-safe.
 */
public interface RepositoryPublisher {
  /**
   * Commits the files of the session's newest checkpoint on the commit that its workspace was
   * cloned from, and pushes them to the branch. The same request and files result in the same
   * commit, which is pushed once. Replaces a branch only if its newest commit is one of the service
   * for the same marker.
   *
   * @return the branch; empty if no file differs from the cloned commit
   */
  Optional<PublishedBranch> publish(TenantId tenant, PublishRequest request);

  /** Deletes the branch if its newest commit is one of the service for the same marker. */
  void deleteBranch(TenantId tenant, PublishRequest request);
}
