package io.agentledger.command.flow.provider;

/**
 * Pull request to open.
 *
 * @param repository owner/name
 * @param head branch with the changes, in the same repository
 * @param base branch that the changes are for
 * @param title not trusted; cut to 256 characters
 * @param body Markdown of any length, not trusted
 * @param marker see {@link CommentMarker}; not part of {@code body}
 */
public record PullRequestRequest(
    String repository, String head, String base, String title, String body, String marker) {
  public PullRequestRequest {
    CommentMarker.require(marker);
  }
}
