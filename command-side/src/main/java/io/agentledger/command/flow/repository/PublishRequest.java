package io.agentledger.command.flow.repository;

import io.agentledger.api.flow.ProviderConnection;
import io.agentledger.api.session.SessionId;
import io.agentledger.command.flow.provider.CommentMarker;

/**
 * Publication of a session's files on a branch.
 *
 * @param connection to GitHub; its credential is used for the repository, too
 * @param repositoryUrl https, without a user
 * @param base branch that the changes are for; never pushed to
 * @param branch name of the branch to create or replace
 * @param author {@code Name <email>} or a name; empty: the service
 * @param message commit message, not trusted
 * @param marker as of a comment; a trailer of the commit contains its id, by which the service
 *     recognises its own branch
 */
public record PublishRequest(
    SessionId session,
    ProviderConnection connection,
    String repositoryUrl,
    String base,
    String branch,
    String author,
    String message,
    String marker) {
  /** Trailer of commits that names the flow. */
  private static final String TRAILER = "Agentledger-Flow: ";

  String trailer() {
    return TRAILER + CommentMarker.idOf(marker);
  }
}
