package io.agentledger.command.trigger;

import io.agentledger.api.flow.ProviderConnection;
import io.agentledger.api.flow.SourceReference;
import io.agentledger.api.identity.TenantId;
import io.agentledger.command.flow.provider.Comment;
import io.agentledger.command.flow.provider.ProviderClient;
import io.agentledger.command.flow.provider.PullRequest;
import io.agentledger.command.flow.provider.PullRequestRequest;

/** A provider that no test expects to be called. */
final class NoProvider implements ProviderClient {
  @Override
  public String putComment(
      TenantId tenant, ProviderConnection connection, SourceReference at, Comment comment) {
    throw new UnsupportedOperationException("no comment is expected");
  }

  @Override
  public PullRequest openPullRequest(
      TenantId tenant, ProviderConnection connection, PullRequestRequest request) {
    throw new UnsupportedOperationException("no pull request is expected");
  }

  @Override
  public String postReview(
      TenantId tenant, ProviderConnection connection, SourceReference at, Comment review) {
    throw new UnsupportedOperationException("no review is expected");
  }
}
