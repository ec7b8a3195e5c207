package io.agentledger.command.flow.provider;

import io.agentledger.api.flow.ProviderConnection;
import io.agentledger.api.flow.SourceReference;
import io.agentledger.api.identity.TenantId;

/** Sends each call to the client of the connection's provider. */
final class RoutingProviderClient implements ProviderClient {
  private final GitHubClient gitHub;
  private final JiraClient jira = new JiraClient();
  private final SentryClient sentry = new SentryClient();
  private final ProviderRequests requests;
  private final ProviderSecrets secrets;

  RoutingProviderClient(GitHubLogins logins, ProviderRequests requests, ProviderSecrets secrets) {
    this.gitHub = new GitHubClient(logins);
    this.requests = requests;
    this.secrets = secrets;
  }

  @Override
  public String putComment(
      TenantId tenant, ProviderConnection connection, SourceReference at, Comment comment) {
    if (connection.provider() != at.provider())
      throw new ProviderRefusedException("The connection is for another provider than the item.");
    var json = new JsonRequests(requests.ofOneCall(), secrets, tenant, connection);
    return switch (at.provider()) {
      case GITHUB -> gitHub.putComment(tenant, connection, at, comment);
      case JIRA -> jira.putComment(json, at, comment);
      case SENTRY -> sentry.putComment(json, at, comment);
    };
  }

  @Override
  public PullRequest openPullRequest(
      TenantId tenant, ProviderConnection connection, PullRequestRequest request) {
    return gitHub.openPullRequest(tenant, connection, request);
  }

  @Override
  public String postReview(
      TenantId tenant, ProviderConnection connection, SourceReference at, Comment review) {
    return gitHub.postReview(tenant, connection, at, review);
  }
}
