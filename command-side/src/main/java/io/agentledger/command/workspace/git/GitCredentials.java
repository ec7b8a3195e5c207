package io.agentledger.command.workspace.git;

import io.agentledger.api.identity.TenantId;
import io.agentledger.api.vault.SecretReader;
import io.agentledger.api.vault.SecretRef;
import io.agentledger.api.vault.SecretValue;
import io.agentledger.command.workspace.archive.TreeBuilder;
import java.net.URI;
import java.util.Map;
import java.util.Optional;
import org.eclipse.jgit.transport.CredentialsProvider;
import org.eclipse.jgit.transport.TransportHttp;
import org.eclipse.jgit.transport.UsernamePasswordCredentialsProvider;
import org.jspecify.annotations.Nullable;

/**
 * Credentials for a repository, sent when the server requests them or as a header. They are kept
 * only in memory, during the transfer.
 */
record GitCredentials(Optional<CredentialsProvider> provider, Map<String, String> headers) {
  /** User name that is sent with a token, as the large forges accept it. */
  private static final String TOKEN_USER = "x-access-token";

  private static final GitCredentials NONE = new GitCredentials(Optional.empty(), Map.of());

  static GitCredentials open(
      SecretReader secretReader, TenantId tenant, @Nullable SecretRef secret, URI repository) {
    if (secret == null) return NONE;
    var value =
        secretReader
            .open(tenant, secret.vaultId(), secret.name())
            .orElseThrow(() -> unusable(secret, "does not exist"));
    return switch (value) {
      case SecretValue.Basic secretValue -> {
        requireSameOrigin(secret, secretValue.url(), repository);
        yield login(secretValue.username(), secretValue.password());
      }
      case SecretValue.StaticBearer secretValue -> {
        requireSameOrigin(secret, secretValue.url(), repository);
        yield ofToken(secretValue.token());
      }
      case SecretValue.Header secretValue -> {
        requireSameOrigin(secret, secretValue.url(), repository);
        yield new GitCredentials(
            Optional.empty(), Map.of(secretValue.header(), secretValue.value()));
      }
      case SecretValue.EnvironmentVariable secretValue ->
          throw unusable(secret, "was stored for a program");
      case SecretValue.McpOauth secretValue ->
          throw unusable(secret, "was stored for an MCP server");
    };
  }

  /** Creates the credentials of a token. */
  static GitCredentials ofToken(String token) {
    return login(TOKEN_USER, token);
  }

  private static GitCredentials login(String name, String password) {
    return new GitCredentials(
        Optional.of(new UsernamePasswordCredentialsProvider(name, password)), Map.of());
  }

  private static void requireSameOrigin(SecretRef secret, String url, URI repository) {
    if (!GitConnection.origin(URI.create(url)).equals(GitConnection.origin(repository)))
      throw unusable(secret, "was stored for another server");
  }

  private static RuntimeException unusable(SecretRef secret, String reason) {
    return TreeBuilder.rejection(
        "git_credential", "The secret " + secret.name() + " " + reason + ".");
  }

  void applyTo(TransportHttp transport) {
    transport.setAdditionalHeaders(headers);
  }
}
