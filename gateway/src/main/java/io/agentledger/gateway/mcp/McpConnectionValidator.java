package io.agentledger.gateway.mcp;

import io.agentledger.gateway.support.problem.InvalidRequestException;
import io.agentledger.gateway.support.validation.PlainHeaders;
import io.agentledger.gateway.support.validation.PlainUrl;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Validates the connection of an MCP server. It is stored in events and shown, so a value that
 * looks like a secret must be a reference to a vault.
 */
final class McpConnectionValidator {
  private static final Pattern VARIABLE = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,127}");
  private static final Pattern PROGRAM =
      Pattern.compile("(/[A-Za-z0-9._@+-]+)+|[A-Za-z0-9._@+-]{1,255}");

  /** A reference, with nothing but a scheme before it. */
  private static final Pattern REFERENCE = Pattern.compile("([A-Za-z]+ )?\\$\\{[^}]+\\}|");

  private static final Pattern PLACEHOLDER = Pattern.compile("\\$\\{[^}]*\\}");

  /** Headers that the protocol sets. */
  private static final Set<String> RESERVED_HEADERS =
      Set.of("mcp-session-id", "mcp-protocol-version");

  private McpConnectionValidator() {}

  static void checkVariableName(String pointer, String name) {
    if (!VARIABLE.matcher(name).matches())
      throw InvalidRequestException.body(pointer, "must have names of variables as keys");
  }

  static void checkCommand(String pointer, String command) {
    if (!PROGRAM.matcher(command).matches())
      throw InvalidRequestException.body(pointer, "must be a program's name or absolute path");
  }

  static void checkNoPlainSecret(String pointer, String name, String value) {
    if (PlainHeaders.isSecret(name) && !REFERENCE.matcher(value).matches())
      throw mustReferToVault(pointer, "a secret");
    PlainHeaders.findCredential(value)
        .ifPresent(
            credential -> {
              throw mustReferToVault(pointer, credential);
            });
  }

  private static InvalidRequestException mustReferToVault(String pointer, String secret) {
    return InvalidRequestException.body(
        pointer, "must refer to a vault, ${vault:<id>/<name>}: it looks like " + secret);
  }

  /** Validates arguments of a program, which cannot contain secrets: a variable can. */
  static List<String> checkArguments(String pointer, @Nullable List<String> arguments) {
    if (arguments == null) return List.of();
    for (int i = 0; i < arguments.size(); i++)
      requireNoCredential(pointer + "/" + i, arguments.get(i));
    return arguments;
  }

  private static void requireNoCredential(String pointer, String text) {
    PlainHeaders.findCredential(text)
        .ifPresent(
            credential -> {
              throw InvalidRequestException.body(
                  pointer,
                  "must not be in plain text: it looks like "
                      + credential
                      + "; refer to a vault, ${vault:<id>/<name>}, in env or headers");
            });
  }

  static Map<String, String> checkHeaders(String pointer, @Nullable Map<String, String> headers) {
    if (headers == null) return Map.of();
    headers.forEach(
        (name, value) -> {
          if (!PlainHeaders.isSettable(name)
              || RESERVED_HEADERS.contains(name.toLowerCase(Locale.ROOT)))
            throw InvalidRequestException.body(
                pointer, "must have names of headers that may be set as keys");
          if (!PlainHeaders.isVisible(value))
            throw InvalidRequestException.body(
                pointer + "/" + name, "must be visible ASCII characters");
          checkNoPlainSecret(pointer + "/" + name, name, value);
        });
    return headers;
  }

  /** Validates a URL; placeholders count as ordinary letters. */
  static String checkUrl(String pointer, String url) {
    requireNoCredential(pointer, url);
    PlainUrl.require(pointer, PLACEHOLDER.matcher(url).replaceAll("x"));
    return url;
  }
}
