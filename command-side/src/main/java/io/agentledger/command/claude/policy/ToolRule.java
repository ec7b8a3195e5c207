package io.agentledger.command.claude.policy;

import io.agentledger.api.environment.HostPattern;
import io.agentledger.api.permission.ToolNames;
import io.agentledger.command.claude.protocol.ClaudeParser;
import io.agentledger.store.permission.CommandNames;
import io.agentledger.store.permission.EvaluatedToolCall;
import io.agentledger.store.permission.Re2Patterns;
import io.agentledger.store.permission.ShellText;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/**
 * One rule in Claude Code's form: {@code Bash}, {@code Bash(npm test:*)}, {@code Edit(src/**)},
 * {@code WebFetch(domain:example.com)}, {@code mcp__server}.
 *
 * @param content pattern that the call's content must match; empty: any content
 */
record ToolRule(String text, String tool, Optional<String> content) {
  private static final Pattern RULE_SYNTAX =
      Pattern.compile("\\s*([^()\\s]+)\\s*(?:\\((.*)\\))?\\s*");
  private static final Pattern COMMAND_SEPARATORS = Pattern.compile("\\|\\||&&|[;|&\\n<>`]|\\$\\(");

  static ToolRule parse(String text) {
    Matcher form = RULE_SYNTAX.matcher(text);
    return form.matches()
        ? new ToolRule(text, form.group(1), Optional.ofNullable(form.group(2)))
        : new ToolRule(text, text, Optional.empty());
  }

  /** Returns whether the rule allows the call: it must cover the whole call. */
  boolean allows(ToolCallAuthorizer.ToolUse use) {
    return coversTool(use, false)
        && content.map(contentPattern -> coversAll(contentPattern, use)).orElse(true);
  }

  /** Returns whether the rule denies the call: it must match any part of the call. */
  boolean denies(ToolCallAuthorizer.ToolUse use) {
    return coversTool(use, true)
        && content.map(contentPattern -> coversAny(contentPattern, use)).orElse(true);
  }

  private boolean coversTool(ToolCallAuthorizer.ToolUse use, boolean strict) {
    return use.toEvaluatedCall().isNamed(tool, this::coversTool, strict);
  }

  private boolean coversTool(String name) {
    if (tool.equals(name) || Re2Patterns.wildcard(tool).matches(name)) {
      return true;
    }
    if (tool.startsWith("mcp__")) {
      return name.startsWith(
          tool.endsWith("*") ? tool.substring(0, tool.length() - 1) : tool + "__");
    }
    return (tool.equals("Task") && name.equals("Agent"))
        || (tool.equals("Read") && EvaluatedToolCall.READERS.contains(name))
        || (tool.equals("Edit") && EvaluatedToolCall.WRITERS.contains(name));
  }

  private static boolean coversAll(String contentPattern, ToolCallAuthorizer.ToolUse use) {
    if (use.tool().equals(EvaluatedToolCall.WEB_FETCH)) return matchesHost(contentPattern, use);
    Optional<String> command = command(use.input());
    if (command.isPresent()) {
      boolean single = !COMMAND_SEPARATORS.matcher(command.get()).find();
      return (single || contentPattern.equals(command.get()))
          && matches(contentPattern, command.get().strip());
    }
    return matchesFile(contentPattern, use);
  }

  private static boolean coversAny(String contentPattern, ToolCallAuthorizer.ToolUse use) {
    if (use.tool().equals(EvaluatedToolCall.WEB_FETCH)) return matchesHost(contentPattern, use);
    Optional<String> command = command(use.input());
    if (command.isPresent()) {
      return CommandNames.areDynamic(command.get())
          || matchesPart(contentPattern, command.get())
          || matchesPart(contentPattern, ShellText.unquote(ShellText.decode(command.get())));
    }
    return matchesFile(contentPattern, use);
  }

  private static boolean matchesPart(String contentPattern, String command) {
    return matches(contentPattern, command.strip())
        || COMMAND_SEPARATORS
            .splitAsStream(command)
            .anyMatch(part -> matches(contentPattern, part.strip()));
  }

  private static Optional<String> command(JsonNode input) {
    return ClaudeParser.optional(input, "command");
  }

  /**
   * Returns whether the command matches: {@code npm test:*} is a prefix of words, {@code *} matches
   * any text.
   */
  private static boolean matches(String contentPattern, String command) {
    if (contentPattern.endsWith(":*")) {
      String prefix = contentPattern.substring(0, contentPattern.length() - 2);
      return command.equals(prefix) || command.startsWith(prefix + " ");
    }
    return Re2Patterns.wildcard(contentPattern).matches(command);
  }

  /** Returns whether the host is that of the rule, on any port; no call is for an invalid URL. */
  private static boolean matchesHost(String contentPattern, ToolCallAuthorizer.ToolUse use) {
    if (!contentPattern.startsWith(ToolNames.DOMAIN)) return false;
    String domain = contentPattern.substring(ToolNames.DOMAIN.length()).strip();
    return HostPattern.of(domain)
        .flatMap(
            pattern ->
                FetchDestination.find(use.input())
                    .filter(page -> pattern.denies(page.host(), page.port())))
        .isPresent();
  }

  private static boolean matchesFile(String contentPattern, ToolCallAuthorizer.ToolUse use) {
    Optional<Path> real = use.target();
    String pattern =
        contentPattern.startsWith("//")
            ? contentPattern.substring(1)
            : use.paths().sandboxPaths().workspace()
                + "/"
                + contentPattern.replaceFirst("^\\.?/", "");
    return real.filter(path -> Re2Patterns.glob(pattern).matches(path.toString())).isPresent();
  }
}
