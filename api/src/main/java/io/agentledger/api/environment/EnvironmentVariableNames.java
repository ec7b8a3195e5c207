package io.agentledger.api.environment;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Rules for the names of variables that clients may set in an agent's environment. */
public final class EnvironmentVariableNames {
  /** What names look like. */
  public static final String PATTERN = "[A-Za-z_][A-Za-z0-9_]{0,127}";

  /** What decides how programs are loaded, or what the CLI itself is: the house's alone. */
  private static final List<String> RESERVED_PREFIXES =
      List.of(
          "ANTHROPIC_",
          "CLAUDE",
          "BUN_",
          "NODE_",
          "LD_",
          "DYLD_",
          "GCONV_",
          "GLIBC_",
          "DISABLE_",
          "OTEL_",
          "GIT_",
          "BASH_",
          "MCP_",
          "ENABLE_",
          "MAX_",
          "API_TIMEOUT");

  private static final Set<String> RESERVED =
      Set.of(
          "PATH",
          "HOME",
          "SHELL",
          "USER",
          "LANG",
          "LOCPATH",
          "NLSPATH",
          "ENV",
          "IFS",
          "TMPDIR",
          "PWD",
          "IS_SANDBOX",
          "HTTP_PROXY",
          "HTTPS_PROXY",
          "ALL_PROXY",
          "NO_PROXY",
          "SSL_CERT_FILE",
          "SSL_CERT_DIR",
          "PS4",
          "PROMPT_COMMAND",
          "SHELLOPTS",
          "BASHOPTS");

  /** Settings of the CLI that only say how much, or what time it is. */
  private static final List<String> CLI_SETTINGS =
      List.of(
          "BASH_DEFAULT_TIMEOUT_MS",
          "BASH_MAX_OUTPUT_LENGTH",
          "BASH_MAX_TIMEOUT_MS",
          "CLAUDE_CODE_FILE_READ_MAX_OUTPUT_TOKENS",
          "CLAUDE_CODE_MAX_OUTPUT_TOKENS",
          "MAX_MCP_OUTPUT_TOKENS",
          "MAX_THINKING_TOKENS",
          "SLASH_COMMAND_TOOL_CHAR_BUDGET",
          "TASK_MAX_OUTPUT_LENGTH",
          "TZ");

  private static final String CURE =
      "choose another name (MY_%s), or set it within the command that needs it";

  private static final Pattern NAME = Pattern.compile(PATTERN);

  private EnvironmentVariableNames() {}

  /** Whether the CLI itself gets it; what it does not get is for commands alone. */
  public static boolean isCliSetting(String name) {
    return CLI_SETTINGS.contains(name);
  }

  /** Whether it is a name, and not one of the house's own. */
  public static boolean isAllowed(String name) {
    return findViolation(name).isEmpty();
  }

  /** The rule that a name breaks, and what to do instead; empty if it is allowed. */
  public static Optional<String> findViolation(String name) {
    if (isCliSetting(name)) return Optional.empty();
    if (!NAME.matcher(name).matches())
      return Optional.of(
          "must be a letter or _, then letters, digits and _, 128 characters at most");
    var upper = name.toUpperCase(Locale.ROOT);
    if (RESERVED.contains(upper))
      return Optional.of(
          "must not be "
              + upper
              + ": the service sets it for the sandbox; "
              + CURE.formatted(upper));
    return RESERVED_PREFIXES.stream()
        .filter(upper::startsWith)
        .findFirst()
        .map(
            prefix ->
                "must not begin with "
                    + prefix
                    + ": such variables decide how programs start or what Claude Code is; "
                    + CURE.formatted(upper)
                    + ". Of Claude Code's settings these can be set: "
                    + String.join(", ", CLI_SETTINGS));
  }
}
