package io.agentledger.command.flow.provider;

import io.agentledger.api.flow.ProviderConnection;
import io.agentledger.api.flow.SourceReference;
import io.agentledger.api.identity.TenantId;

/**
 * Client of the providers' APIs. Blocks; called by jobs, which repeat calls after failures: every
 * call is idempotent by its marker. Each call throws {@link ProviderUnavailableException} if a
 * repetition may succeed, and {@link ProviderRefusedException} if it may not. Texts are neutralised
 * as {@link SafeMarkdown} states. Thread-safe.
 */
public interface ProviderClient {
  /**
   * Creates a comment, or edits the one of this id or this marker. Only comments of the
   * credential's own account are edited.
   *
   * @return the comment's id
   */
  String putComment(
      TenantId tenant, ProviderConnection connection, SourceReference at, Comment comment);

  /**
   * Opens a pull request, or returns the one of this marker, whatever its state is, or the one that
   * is open for the branch. GitHub only.
   */
  PullRequest openPullRequest(
      TenantId tenant, ProviderConnection connection, PullRequestRequest request);

  /**
   * Posts a review that neither approves nor requests changes on a pull request, or returns the one
   * of this marker, which is not edited. GitHub only.
   *
   * @return the review's id
   */
  String postReview(
      TenantId tenant, ProviderConnection connection, SourceReference at, Comment review);
}
