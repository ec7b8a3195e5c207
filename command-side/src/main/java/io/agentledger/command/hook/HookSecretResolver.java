package io.agentledger.command.hook;

import io.agentledger.api.hook.HookTarget;
import io.agentledger.api.hook.HookTarget.Signing;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.vault.SecretReader;
import io.agentledger.api.vault.SecretRef;
import io.agentledger.api.vault.SecretValue;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Resolves the secrets of a hook's request when it is sent. A secret is sent only to the server
 * that it was stored for.
 */
final class HookSecretResolver {
  private final SecretReader secretReader;

  HookSecretResolver(SecretReader secretReader) {
    this.secretReader = secretReader;
  }

  /**
   * Thrown if a secret is missing or was stored for another purpose. The message contains only its
   * name.
   */
  static final class UnusableSecretException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    UnusableSecretException(SecretRef secret, String reason) {
      super("its secret " + secret.name() + " " + reason);
    }
  }

  Map<String, String> headers(TenantId tenant, HookTarget.Http target) {
    var headers = new HashMap<>(target.headers());
    for (SecretRef ref : target.secrets()) {
      switch (open(tenant, ref)) {
        case SecretValue.StaticBearer secret ->
            headers.put(
                "Authorization",
                "Bearer " + requireSameOrigin(ref, secret.url(), target, secret.token()));
        case SecretValue.Header secret ->
            headers.put(
                secret.header(), requireSameOrigin(ref, secret.url(), target, secret.value()));
        case SecretValue.Basic secret ->
            headers.put(
                "Authorization",
                "Basic "
                    + requireSameOrigin(
                        ref, secret.url(), target, base64(secret.username(), secret.password())));
        case SecretValue.EnvironmentVariable secret ->
            throw new UnusableSecretException(ref, "was stored for a program");
        case SecretValue.McpOauth secret ->
            throw new UnusableSecretException(ref, "was stored for an MCP server");
      }
    }
    return headers;
  }

  /** Returns the secret that signs the request. */
  Optional<String> signingSecret(TenantId tenant, HookTarget.Http target) {
    return switch (target.signing()) {
      case Signing.Unsigned no -> Optional.empty();
      case Signing.Signed signed -> Optional.of(signingSecret(tenant, signed.secret()));
    };
  }

  private String signingSecret(TenantId tenant, SecretRef ref) {
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
      SecretRef ref, String url, HookTarget.Http target, String value) {
    if (!origin(url).equals(origin(target.url())))
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
