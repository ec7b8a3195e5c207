package io.agentledger.api.environment;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Rules for the names of variables that clients may set in an agent's environment. */
public final class EnvironmentVariableNames {
  /** Pattern of valid names. */
  public static final String PATTERN = "[A-Za-z_][A-Za-z0-9_]{0,127}";

  /**
   * Prefixes of variables that control how programs are loaded or configure the CLI; reserved for
   * the service.
   */
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

  /** Settings of the CLI that clients may set: they change only limits and times. */
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

  /**
   * Returns whether the CLI itself receives the variable. Other variables are set only for
   * commands.
   */
  public static boolean isCliSetting(String name) {
    return CLI_SETTINGS.contains(name);
  }

  /** Returns whether the name is valid and not reserved for the service. */
  public static boolean isAllowed(String name) {
    return findViolation(name).isEmpty();
  }

  /** Returns the violated rule and a way to comply; empty if the name is allowed. */
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
