package io.agentledger.command.mcp.connection;

import io.agentledger.api.identity.TenantId;
import io.agentledger.api.vault.SecretReader;
import io.agentledger.api.vault.SecretValue;
import io.agentledger.api.vault.VaultId;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Resolves the placeholders of a connection: {@code ${NAME}} and {@code ${NAME:-default}} from the
 * operator's variables, {@code ${vault:id/name}} from the tenant's vaults. A secret is used only
 * where it was stored for: at its server, or in its variable.
 */
final class PlaceholderResolver {
  private static final Pattern PLACEHOLDER =
      Pattern.compile(
          "\\$\\{(?:vault:(vlt_[a-z0-9]{10})/([A-Za-z0-9._-]{1,64})"
              + "|([A-Za-z_][A-Za-z0-9_]{0,127})(?::-([^}]*))?)\\}");

  private final TenantId tenant;
  private final SecretReader secretReader;
  private final Map<String, String> variables;
  private final OAuthTokenProvider tokens;
  private final Map<OAuthTokenProvider.TokenLocation, String> resolvedTokens =
      new ConcurrentHashMap<>();
  private final Set<String> resolvedValues = ConcurrentHashMap.newKeySet();

  /** Creates a resolver that returns stored tokens unchanged. */
  PlaceholderResolver(TenantId tenant, SecretReader secretReader, Map<String, String> variables) {
    this(tenant, secretReader, variables, OAuthTokenProvider.NONE);
  }

  PlaceholderResolver(
      TenantId tenant,
      SecretReader secretReader,
      Map<String, String> variables,
      OAuthTokenProvider tokens) {
    this.tenant = tenant;
    this.secretReader = secretReader;
    this.variables = variables;
    this.tokens = tokens;
  }

  /**
   * Resolves text that must not contain a secret: an address, or an argument, which others could
   * see.
   */
  String resolvePlain(String text) {
    return resolve(
        text,
        (secret, location) -> {
          throw new McpConnectionException("a secret is only allowed in a header or a variable");
        });
  }

  /** Resolves the value of an environment variable of a program. */
  String resolveVariable(String name, String text) {
    return resolve(
        text,
        (secret, location) -> {
          if (secret instanceof SecretValue.EnvironmentVariable variable
              && variable.variable().equals(name)) return variable.value();
          throw new McpConnectionException(
              "the secret for " + name + " was stored for another purpose");
        });
  }

  /** Resolves the value of a header to a server. */
  String resolveHeader(URI server, String text) {
    return resolve(
        text,
        (secret, location) -> {
          if (secret instanceof SecretValue.EnvironmentVariable
              || !isWithin(server, URI.create(secret.target())))
            throw new McpConnectionException(
                "the secret for " + server.getHost() + " was stored for another server");
          return headerValue(secret, location);
        });
  }

  private static boolean isWithin(URI server, URI target) {
    String below = target.getRawPath() == null ? "" : target.getRawPath().replaceFirst("/$", "");
    String path = server.getRawPath() == null ? "" : server.getRawPath();
    return server.getScheme().equalsIgnoreCase(target.getScheme())
        && server.getHost().equalsIgnoreCase(target.getHost())
        && port(server) == port(target)
        && (path.equals(below) || path.startsWith(below + "/"));
  }

  private static int port(URI uri) {
    if (uri.getPort() >= 0) return uri.getPort();
    return "https".equalsIgnoreCase(uri.getScheme()) ? 443 : 80;
  }

  private String headerValue(SecretValue secret, OAuthTokenProvider.TokenLocation location) {
    return switch (secret) {
      case SecretValue.StaticBearer bearer -> bearer.token();
      case SecretValue.Header header -> header.value();
      case SecretValue.McpOauth oauth -> {
        var token = tokens.validToken(location, oauth);
        resolvedTokens.put(location, token);
        yield token;
      }
      case SecretValue.Basic basic ->
          Base64.getEncoder()
              .encodeToString(
                  (basic.username() + ":" + basic.password()).getBytes(StandardCharsets.UTF_8));
      case SecretValue.EnvironmentVariable variable -> variable.value();
    };
  }

  /** Returns whether tokens were resolved, which may change. */
  boolean hasTokens() {
    return !resolvedTokens.isEmpty();
  }

  /** Refreshes the tokens that were resolved last, because the server refused them. */
  boolean refreshTokens() {
    boolean renewed = false;
    for (var entry : resolvedTokens.entrySet())
      renewed |= tokens.refresh(entry.getKey(), entry.getValue());
    return renewed;
  }

  private interface SecretFormatter {
    String format(SecretValue secret, OAuthTokenProvider.TokenLocation location);
  }

  private String resolve(String text, SecretFormatter formatter) {
    return PLACEHOLDER
        .matcher(text)
        .replaceAll(placeholder -> Matcher.quoteReplacement(value(placeholder, formatter)));
  }

  private String value(MatchResult placeholder, SecretFormatter formatter) {
    if (placeholder.group(1) != null) {
      var name = placeholder.group(2);
      var location =
          new OAuthTokenProvider.TokenLocation(tenant, new VaultId(placeholder.group(1)), name);
      return secretReader
          .open(tenant, location.vault(), name)
          .map(secret -> remember(formatter.format(secret, location)))
          .orElseThrow(
              () -> new McpConnectionException("there is no secret " + name + " in that vault"));
    }
    var name = placeholder.group(3);
    var value = variables.get(name);
    if (value != null && !value.isEmpty()) return remember(value);
    if (placeholder.group(4) == null)
      throw new McpConnectionException("the variable " + name + " is not set by the operator");
    return placeholder.group(4);
  }

  private String remember(String value) {
    if (!value.isBlank()) resolvedValues.add(value);
    return value;
  }

  /** Removes the secrets and the operator's values that were resolved from a text. */
  String redact(String text) {
    var redacted = text;
    for (var value : resolvedValues) redacted = redacted.replace(value, "[hidden]");
    return redacted;
  }
}
