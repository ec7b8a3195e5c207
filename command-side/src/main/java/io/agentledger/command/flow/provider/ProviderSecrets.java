package io.agentledger.command.flow.provider;

import io.agentledger.api.flow.ProviderConnection;
import io.agentledger.api.flow.SourceProvider;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.vault.SecretReader;
import io.agentledger.api.vault.SecretReader.VersionedSecret;
import io.agentledger.api.vault.SecretRef;
import io.agentledger.api.vault.SecretValue;
import io.agentledger.command.support.outbound.Destination;
import io.agentledger.command.support.outbound.OutboundRefusedException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.Set;

/**
 * Opens the secrets of connections. A secret is used only for the server that it was stored for;
 * {@code github.com} and {@code api.github.com} count as one.
 */
final class ProviderSecrets {
  private static final Set<String> GITHUB = Set.of("github.com", "api.github.com");
  private static final int HTTPS = 443;

  private final SecretReader secretReader;

  ProviderSecrets(SecretReader secretReader) {
    this.secretReader = secretReader;
  }

  /** Returns the base URL of the API, without a slash at its end. */
  static String apiUrl(ProviderConnection connection) {
    if (!connection.apiUrl().isEmpty()) return connection.apiUrl().replaceFirst("/+$", "");
    return switch (connection.provider()) {
      case GITHUB -> "https://api.github.com";
      case SENTRY -> "https://sentry.io";
      case JIRA ->
          throw new ProviderRefusedException(
              "A connection to Jira needs its url, such as https://example.atlassian.net.");
    };
  }

  /**
   * Opens the secret for a server.
   *
   * @param server URL that the secret is sent to
   */
  VersionedSecret open(TenantId tenant, ProviderConnection connection, String server) {
    var ref = connection.credential();
    var secret =
        secretReader
            .openVersioned(tenant, ref.vaultId(), ref.name())
            .orElseThrow(() -> unusable(ref, "does not exist"));
    switch (secret.value()) {
      case SecretValue.StaticBearer value -> requireServer(ref, value.url(), server);
      case SecretValue.Basic value -> requireServer(ref, value.url(), server);
      case SecretValue.Header value -> requireServer(ref, value.url(), server);
      case SecretValue.EnvironmentVariable _ -> throw unusable(ref, "was stored for a program");
      case SecretValue.McpOauth _ -> throw unusable(ref, "was stored for an MCP server");
    }
    return secret;
  }

  /** Returns the header that authenticates a request to Jira or Sentry. */
  Map<String, String> headers(TenantId tenant, ProviderConnection connection) {
    return switch (open(tenant, connection, apiUrl(connection)).value()) {
      case SecretValue.StaticBearer value -> Map.of("Authorization", "Bearer " + value.token());
      case SecretValue.Basic value -> {
        var login = value.username() + ":" + value.password();
        var encoded = Base64.getEncoder().encodeToString(login.getBytes(StandardCharsets.UTF_8));
        yield Map.of("Authorization", "Basic " + encoded);
      }
      case SecretValue.Header value -> Map.of(value.header(), value.value());
      case SecretValue.EnvironmentVariable _, SecretValue.McpOauth _ ->
          throw new IllegalStateException("open() has refused it");
    };
  }

  private static void requireServer(SecretRef ref, String stored, String server) {
    try {
      var from = Destination.of(stored);
      var to = Destination.of(server);
      boolean same =
          from.host().equals(to.host())
              && from.port() == to.port()
              && from.isEncrypted() == to.isEncrypted();
      if (!same && !(isGitHub(from) && isGitHub(to)))
        throw unusable(ref, "was stored for another server");
    } catch (OutboundRefusedException e) {
      throw new ProviderRefusedException("The provider's url " + e.advice() + ".");
    }
  }

  private static boolean isGitHub(Destination server) {
    return server.isEncrypted() && server.port() == HTTPS && GITHUB.contains(server.host());
  }

  static ProviderRefusedException unusable(SecretRef ref, String reason) {
    return new ProviderRefusedException("The secret " + ref.name() + " " + reason + ".");
  }

  /** Refuses another provider than GitHub for what only GitHub has. */
  static void requireGitHub(ProviderConnection connection) {
    if (connection.provider() != SourceProvider.GITHUB)
      throw new ProviderRefusedException(
          "Repositories and pull requests need a GitHub connection.");
  }
}
