package io.agentledger.api.flow;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Repository to which the files of a flow are pushed.
 *
 * @param url of the repository, https, without a user
 * @param baseBranch branch that the changes are for
 * @param testCommand command that the agent of the work executes before it ends; null for none
 * @param connection to GitHub, for the push and for the pull request
 * @param pullRequest whether a pull request is opened; otherwise only the branch is pushed
 */
public record FlowRepository(
    String url,
    String baseBranch,
    @Nullable String testCommand,
    ProviderConnection connection,
    boolean pullRequest) {
  public static final int BRANCH_LENGTH_MAX = 200;
  public static final int TEST_COMMAND_LENGTH_MAX = 1000;

  /** Returns the branch of a flow, which nothing else uses. */
  public static String branchOf(FlowId flow) {
    return "agentledger/" + flow;
  }

  /** Returns whether another URL names the same repository. */
  public static boolean isSame(String url, String other) {
    return canonical(url).equals(canonical(other));
  }

  private static String canonical(String url) {
    try {
      var uri = new URI(url);
      var scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
      var host = String.valueOf(uri.getHost()).toLowerCase(Locale.ROOT);
      int port = uri.getPort() == (scheme.equals("https") ? 443 : 80) ? -1 : uri.getPort();
      var path = String.valueOf(uri.getPath()).replaceAll("/+$", "").replaceFirst("\\.git$", "");
      return scheme + "://" + host + ":" + port + path;
    } catch (URISyntaxException exception) {
      return url;
    }
  }

  /** Returns owner and name of the repository: the path of its URL without {@code .git}. */
  public String project() {
    var path = URI.create(url).getPath().replaceAll("^/+|/+$", "");
    return path.endsWith(".git") ? path.substring(0, path.length() - 4) : path;
  }
}
