package io.agentledger.gateway.flow;

import io.agentledger.api.flow.ProviderConnection;
import io.agentledger.api.flow.SourceReference;
import io.agentledger.api.identity.TenantId;
import io.agentledger.command.flow.provider.Comment;
import io.agentledger.command.flow.provider.ProviderClient;
import io.agentledger.command.flow.provider.ProviderRefusedException;
import io.agentledger.command.flow.provider.ProviderUnavailableException;
import io.agentledger.command.flow.provider.PullRequest;
import io.agentledger.command.flow.provider.PullRequestRequest;
import io.agentledger.command.flow.repository.PublishRequest;
import io.agentledger.command.flow.repository.PublishedBranch;
import io.agentledger.command.flow.repository.RepositoryPublisher;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Provider and repository in memory: one comment for each marker, branches, pull requests. An item
 * whose number is in {@link #absent} does not respond; the repository {@code acme/locked} refuses
 * pull requests.
 */
final class RecordingProvider implements ProviderClient, RepositoryPublisher {
  final Map<String, String> comments = new ConcurrentHashMap<>();
  final List<String> versions = new CopyOnWriteArrayList<>();
  final Set<String> branches = ConcurrentHashMap.newKeySet();
  final List<String> pushes = new CopyOnWriteArrayList<>();
  final Set<String> pullRequests = ConcurrentHashMap.newKeySet();
  final Set<String> absent = ConcurrentHashMap.newKeySet();
  final List<String> refusals = new CopyOnWriteArrayList<>();

  @Override
  public String putComment(
      TenantId tenant, ProviderConnection connection, SourceReference at, Comment comment) {
    if (absent.contains(at.item())) {
      refusals.add(comment.marker());
      throw new ProviderUnavailableException("The provider does not respond.", Duration.ZERO);
    }
    comments.put(comment.marker(), comment.markdown());
    versions.add(comment.marker() + comment.markdown());
    return "c" + comment.marker().hashCode();
  }

  @Override
  public PullRequest openPullRequest(
      TenantId tenant, ProviderConnection connection, PullRequestRequest request) {
    if (request.base().equals("locked"))
      throw new ProviderRefusedException("The repository accepts no pull requests.");
    pullRequests.add(request.head());
    return new PullRequest(7, "https://example.com/acme/app/pull/7");
  }

  @Override
  public String postReview(
      TenantId tenant, ProviderConnection connection, SourceReference at, Comment review) {
    throw new UnsupportedOperationException("flows post no reviews");
  }

  @Override
  public Optional<PublishedBranch> publish(TenantId tenant, PublishRequest request) {
    pushes.add(request.branch());
    branches.add(request.branch());
    return Optional.of(new PublishedBranch(request.branch(), "abc"));
  }

  @Override
  public void deleteBranch(TenantId tenant, PublishRequest request) {
    branches.remove(request.branch());
  }
}
