package io.agentledger.command.flow.provider;

import io.agentledger.api.flow.ProviderConnection;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.vault.SecretRef;
import io.agentledger.api.vault.SecretValue;
import io.agentledger.store.support.BoundedMap;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.kohsuke.github.GHPermissionType;
import org.kohsuke.github.GitHub;
import org.kohsuke.github.GitHubAbuseLimitHandler;
import org.kohsuke.github.GitHubBuilder;
import org.kohsuke.github.GitHubRateLimitHandler;
import org.kohsuke.github.RateLimitChecker;

/**
 * Logins at GitHub from the secrets of vaults: a token, or the private key of a GitHub App, of
 * which a token for one repository with the least permissions is requested. At most 256 logins are
 * kept in memory, until shortly before they expire, and only for the version of the secret that
 * they were made of. Thread-safe.
 */
public final class GitHubLogins {
  private static final int LOGINS_MAX = 256;
  private static final Duration RENEWED_BEFORE_EXPIRY = Duration.ofMinutes(5);
  private static final Duration TOKEN_CHECKED_AFTER = Duration.ofHours(1);
  private static final Pattern REPOSITORY =
      Pattern.compile("([A-Za-z0-9._-]{1,100})/([A-Za-z0-9._-]{1,100})");
  private static final Map<String, GHPermissionType> PERMISSIONS =
      Map.of(
          "contents", GHPermissionType.WRITE,
          "issues", GHPermissionType.WRITE,
          "pull_requests", GHPermissionType.WRITE);

  private final ProviderSecrets secrets;
  private final ProviderRequests requests;
  private final Clock clock;
  private final Map<Key, GitHubLogin> logins = BoundedMap.accessOrdered(LOGINS_MAX);

  GitHubLogins(ProviderSecrets secrets, ProviderRequests requests, Clock clock) {
    this.secrets = secrets;
    this.requests = requests;
    this.clock = clock;
  }

  /** Key of a login. The repository is empty for a token, which is valid for all of its own. */
  private record Key(
      TenantId tenant, String apiUrl, SecretRef secret, long version, String repository) {}

  /**
   * Returns the token with which git authenticates itself at a repository.
   *
   * @param repositoryUrl https, without a user
   */
  public String gitToken(TenantId tenant, ProviderConnection connection, String repositoryUrl) {
    ProviderSecrets.requireGitHub(connection);
    secrets.open(tenant, connection, repositoryUrl);
    var path = repositoryUrl.replaceFirst("(\\.git)?/*$", "").split("/", -1);
    var repository = path[Math.max(0, path.length - 2)] + "/" + path[path.length - 1];
    return find(tenant, connection, repository).token();
  }

  /** Returns a client of the API with the login for a repository. */
  GitHub connect(ProviderConnection connection, GitHubLogin login) throws IOException {
    return client(connection, login.token());
  }

  /** Returns the login for a repository (owner/name). */
  GitHubLogin find(TenantId tenant, ProviderConnection connection, String repository) {
    ProviderSecrets.requireGitHub(connection);
    if (!REPOSITORY.matcher(repository).matches()
        || List.of(repository.split("/")).stream().anyMatch(Set.of(".", "..")::contains))
      throw new ProviderRefusedException("A repository must be named owner/name.");
    var apiUrl = ProviderSecrets.apiUrl(connection);
    var ref = connection.credential();
    var secret = secrets.open(tenant, connection, apiUrl);
    var appKey = appKey(secret.value());
    var key = new Key(tenant, apiUrl, ref, secret.version(), appKey.isPresent() ? repository : "");
    var known = known(key);
    if (known.isPresent()) return known.get();
    try {
      var login =
          appKey.isPresent()
              ? logInApp(connection, appKey.get(), repository)
              : logInToken(connection, token(ref, secret.value()));
      remember(key, login);
      return login;
    } catch (IOException e) {
      throw GitHubFailures.translate(e);
    }
  }

  private synchronized Optional<GitHubLogin> known(Key key) {
    return Optional.ofNullable(logins.get(key))
        .filter(login -> clock.instant().isBefore(login.usableUntil()));
  }

  private synchronized void remember(Key key, GitHubLogin login) {
    logins.put(key, login);
  }

  private static Optional<GitHubAppKey> appKey(SecretValue value) {
    return value instanceof SecretValue.Basic basic && GitHubAppKey.isKey(basic.password())
        ? Optional.of(new GitHubAppKey(basic.username(), basic.password()))
        : Optional.empty();
  }

  private static String token(SecretRef ref, SecretValue value) {
    return switch (value) {
      case SecretValue.StaticBearer bearer -> bearer.token();
      case SecretValue.Basic basic -> basic.password();
      default -> throw ProviderSecrets.unusable(ref, "is no token and no key of a GitHub App");
    };
  }

  private GitHubLogin logInToken(ProviderConnection connection, String token) throws IOException {
    var account = client(connection, token).getMyself().getLogin();
    return new GitHubLogin(token, account, clock.instant().plus(TOKEN_CHECKED_AFTER));
  }

  private GitHubLogin logInApp(ProviderConnection connection, GitHubAppKey key, String repository)
      throws IOException {
    int slash = repository.indexOf('/');
    var name = repository.substring(slash + 1);
    var app = client(connection, key.sign(clock.instant())).getApp();
    var installation = app.getInstallationByRepository(repository.substring(0, slash), name);
    var token =
        installation.createToken().permissions(PERMISSIONS).repositories(List.of(name)).create();
    return new GitHubLogin(
        token.getToken(),
        app.getSlug() + "[bot]",
        token.getExpiresAt().toInstant().minus(RENEWED_BEFORE_EXPIRY));
  }

  private GitHub client(ProviderConnection connection, String token) throws IOException {
    return new GitHubBuilder()
        .withEndpoint(ProviderSecrets.apiUrl(connection))
        .withConnector(new OutboundGitHubConnector(requests.ofOneCall()))
        .withAuthorizationProvider(() -> "Bearer " + token)
        .withRateLimitChecker(RateLimitChecker.NONE)
        .withRateLimitHandler(GitHubRateLimitHandler.FAIL)
        .withAbuseLimitHandler(GitHubAbuseLimitHandler.FAIL)
        .build();
  }
}
