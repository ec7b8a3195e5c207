package io.agentledger.command.support.webhook;

import io.agentledger.api.identity.TenantId;
import io.agentledger.api.vault.SecretReader;
import io.agentledger.api.vault.SecretRef;
import io.agentledger.api.vault.SecretValue;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Resolves the secrets of a request to a user's URL when it is sent. A secret is sent only to the
 * server that it was stored for.
 */
public final class WebhookSecretResolver {
  private final SecretReader secretReader;

  public WebhookSecretResolver(SecretReader secretReader) {
    this.secretReader = secretReader;
  }

  /**
   * Thrown if a secret is missing or was stored for another purpose. The message contains only its
   * name.
   */
  public static final class UnusableSecretException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    UnusableSecretException(SecretRef secret, String reason) {
      super("its secret " + secret.name() + " " + reason);
    }
  }

  /**
   * Returns the headers whose values are in vaults.
   *
   * @param url of the request
   */
  public Map<String, String> headers(TenantId tenant, String url, List<SecretRef> secrets) {
    var headers = new HashMap<String, String>();
    for (SecretRef ref : secrets) {
      switch (open(tenant, ref)) {
        case SecretValue.StaticBearer secret ->
            headers.put(
                "Authorization",
                "Bearer " + requireSameOrigin(ref, secret.url(), url, secret.token()));
        case SecretValue.Header secret ->
            headers.put(secret.header(), requireSameOrigin(ref, secret.url(), url, secret.value()));
        case SecretValue.Basic secret ->
            headers.put(
                "Authorization",
                "Basic "
                    + requireSameOrigin(
                        ref, secret.url(), url, base64(secret.username(), secret.password())));
        case SecretValue.EnvironmentVariable secret ->
            throw new UnusableSecretException(ref, "was stored for a program");
        case SecretValue.McpOauth secret ->
            throw new UnusableSecretException(ref, "was stored for an MCP server");
      }
    }
    return headers;
  }

  /** Returns the secret that signs a request. */
  public String signingSecret(TenantId tenant, SecretRef ref) {
    String secret = text(ref, open(tenant, ref));
    if (!WebhookSignature.isUsable(secret))
      throw new UnusableSecretException(
          ref, "is no signing secret: it must be a text, or base64 after whsec_");
    return secret;
  }

  private static String text(SecretRef ref, SecretValue value) {
    return switch (value) {
      case SecretValue.StaticBearer secret -> secret.token();
      case SecretValue.Header secret -> secret.value();
      case SecretValue.EnvironmentVariable secret -> secret.value();
      case SecretValue.Basic secret -> secret.password();
      case SecretValue.McpOauth secret ->
          throw new UnusableSecretException(ref, "was stored for an MCP server");
    };
  }

  private SecretValue open(TenantId tenant, SecretRef ref) {
    return secretReader
        .open(tenant, ref.vaultId(), ref.name())
        .orElseThrow(() -> new UnusableSecretException(ref, "does not exist"));
  }

  private static String requireSameOrigin(
      SecretRef ref, String storedFor, String url, String value) {
    if (!origin(storedFor).equals(origin(url)))
      throw new UnusableSecretException(ref, "was stored for another server");
    return value;
  }

  private static String origin(String url) {
    URI uri = URI.create(url);
    int port =
        uri.getPort() >= 0 ? uri.getPort() : "https".equalsIgnoreCase(uri.getScheme()) ? 443 : 80;
    return (uri.getScheme() + "://" + Objects.requireNonNullElse(uri.getHost(), "") + ":" + port)
        .toLowerCase(java.util.Locale.ROOT);
  }

  private static String base64(String name, String password) {
    return Base64.getEncoder()
        .encodeToString((name + ":" + password).getBytes(StandardCharsets.UTF_8));
  }
}
