package io.agentledger.command.flow.provider;

import io.agentledger.api.flow.ProviderConnection;
import io.agentledger.api.flow.SourceReference;
import io.agentledger.api.identity.TenantId;
import java.io.IOException;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.kohsuke.github.GHDirection;
import org.kohsuke.github.GHException;
import org.kohsuke.github.GHIssueComment;
import org.kohsuke.github.GHIssueState;
import org.kohsuke.github.GHPullRequest;
import org.kohsuke.github.GHPullRequestReviewEvent;
import org.kohsuke.github.GHRepository;

/**
 * Client of GitHub. An issue has at most 2,500 comments there, which are read 30 at a time until
 * the own one is found.
 */
final class GitHubClient {
  /** Maximum length of a comment or of the body of a pull request, in characters. */
  private static final int TEXT_LENGTH_MAX = 65_536;

  private static final int TITLE_LENGTH_MAX = 256;
  private static final int PULL_REQUESTS_MAX = 300;

  private final GitHubLogins logins;

  GitHubClient(GitHubLogins logins) {
    this.logins = logins;
  }

  private interface Operation<R> {
    R run(GHRepository repository, GitHubLogin login) throws IOException;
  }

  private <R> R call(
      TenantId tenant, ProviderConnection connection, String repository, Operation<R> operation) {
    var login = logins.find(tenant, connection, repository);
    try {
      return operation.run(logins.connect(connection, login).getRepository(repository), login);
    } catch (IOException | GHException e) {
      throw GitHubFailures.translate(e);
    }
  }

  String putComment(
      TenantId tenant, ProviderConnection connection, SourceReference at, Comment comment) {
    var text = text(comment.marker(), comment.markdown());
    return call(
        tenant,
        connection,
        at.project(),
        (repository, login) -> {
          var issue = repository.getIssue(number(at));
          for (var known : issue.queryComments().list().withPageSize(ProviderRequests.PAGE_SIZE)) {
            if (!isOwn(known, comment, login)) continue;
            if (!text.equals(known.getBody())) known.update(text);
            return String.valueOf(known.getId());
          }
          return String.valueOf(issue.comment(text).getId());
        });
  }

  @SuppressWarnings("deprecation") // The other method sends a request for each author.
  private static boolean isOwn(GHIssueComment known, Comment comment, GitHubLogin login) {
    boolean matches =
        String.valueOf(known.getId()).equals(comment.id())
            || Objects.requireNonNullElse(known.getBody(), "").contains(comment.marker());
    return matches && login.account().equalsIgnoreCase(known.getUserName());
  }

  PullRequest openPullRequest(
      TenantId tenant, ProviderConnection connection, PullRequestRequest request) {
    return call(
        tenant,
        connection,
        request.repository(),
        (repository, login) -> {
          var known = find(repository, request, login);
          return toPullRequest(
              known.isPresent() ? known.get() : create(repository, request, login));
        });
  }

  private static Optional<GHPullRequest> find(
      GHRepository repository, PullRequestRequest request, GitHubLogin login) throws IOException {
    GHPullRequest open = null;
    int count = 0;
    for (var known :
        repository
            .queryPullRequests()
            .state(GHIssueState.ALL)
            .head(repository.getOwnerName() + ":" + request.head())
            .direction(GHDirection.DESC)
            .list()
            .withPageSize(ProviderRequests.PAGE_SIZE)) {
      if (hasMarker(known.getBody(), request.marker())
          && login.account().equalsIgnoreCase(known.getUser().getLogin()))
        return Optional.of(known);
      if (open == null
          && known.getState() == GHIssueState.OPEN
          && request.base().equals(known.getBase().getRef())) open = known;
      if (++count >= PULL_REQUESTS_MAX) break;
    }
    return Optional.ofNullable(open);
  }

  private static boolean hasMarker(@Nullable String body, String marker) {
    return body != null && body.contains(marker);
  }

  /** Opens it; if another call was faster, GitHub refuses, and the open one is returned. */
  private static GHPullRequest create(
      GHRepository repository, PullRequestRequest request, GitHubLogin login) throws IOException {
    try {
      return repository.createPullRequest(
          SafeMarkdown.line(request.title(), TITLE_LENGTH_MAX),
          request.head(),
          request.base(),
          text(request.marker(), request.body()));
    } catch (IOException e) {
      if (!GitHubFailures.isInvalid(e)) throw e;
      return find(repository, request, login).orElseThrow(() -> e);
    }
  }

  private static PullRequest toPullRequest(GHPullRequest known) {
    return new PullRequest(known.getNumber(), known.getHtmlUrl().toString());
  }

  String postReview(
      TenantId tenant, ProviderConnection connection, SourceReference at, Comment review) {
    return call(
        tenant,
        connection,
        at.project(),
        (repository, login) -> {
          var pullRequest = repository.getPullRequest(number(at));
          for (var known : pullRequest.listReviews().withPageSize(ProviderRequests.PAGE_SIZE))
            if (hasMarker(known.getBody(), review.marker())
                && login.account().equalsIgnoreCase(known.getUser().getLogin()))
              return String.valueOf(known.getId());
          var posted =
              pullRequest
                  .createReview()
                  .event(GHPullRequestReviewEvent.COMMENT)
                  .body(text(review.marker(), review.markdown()))
                  .create();
          return String.valueOf(posted.getId());
        });
  }

  /** Returns the text with the marker before it, where no code block can contain the marker. */
  private static String text(String marker, String markdown) {
    var first = marker + "\n";
    return first + SafeMarkdown.limited(markdown, TEXT_LENGTH_MAX - first.length());
  }

  private static int number(SourceReference at) {
    if (!at.item().matches("[1-9][0-9]{0,8}"))
      throw new ProviderRefusedException(
          "An issue or pull request of GitHub is named by its number.");
    return Integer.parseInt(at.item());
  }
}
