package io.agentledger.command.claude.policy;

import io.agentledger.command.claude.protocol.ClaudeParser;
import io.agentledger.store.permission.EvaluatedToolCall;
import io.agentledger.store.permission.Re2Patterns;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/**
 * One rule in Claude Code's form: {@code Bash}, {@code Bash(npm test:*)}, {@code Edit(src/**)},
 * {@code mcp__server}.
 *
 * @param content what the call must be about; empty: whatever it is about
 */
record ToolRule(String text, String tool, Optional<String> content) {
  private static final Pattern FORM = Pattern.compile("\\s*([^()\\s]+)\\s*(?:\\((.*)\\))?\\s*");
  private static final Pattern JOINTS = Pattern.compile("\\|\\||&&|[;|&\\n<>`]|\\$\\(");

  static ToolRule parse(String text) {
    Matcher form = FORM.matcher(text);
    return form.matches()
        ? new ToolRule(text, form.group(1), Optional.ofNullable(form.group(2)))
        : new ToolRule(text, text, Optional.empty());
  }

  /** To allow, the whole call must be covered. */
  boolean allows(ToolCallAuthorizer.ToolUse use) {
    return covers(use.tool()) && content.map(wanted -> allCovered(wanted, use)).orElse(true);
  }

  /** To deny, any part of the call is enough. */
  boolean denies(ToolCallAuthorizer.ToolUse use) {
    return covers(use.tool()) && content.map(wanted -> anyCovered(wanted, use)).orElse(true);
  }

  private boolean covers(String name) {
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

  private static boolean allCovered(String wanted, ToolCallAuthorizer.ToolUse use) {
    Optional<String> command = command(use.input());
    if (command.isPresent()) {
      boolean single = !JOINTS.matcher(command.get()).find();
      return (single || wanted.equals(command.get())) && matches(wanted, command.get().strip());
    }
    return fileMatches(wanted, use);
  }

  private static boolean anyCovered(String wanted, ToolCallAuthorizer.ToolUse use) {
    Optional<String> command = command(use.input());
    if (command.isPresent()) {
      return matches(wanted, command.get().strip())
          || JOINTS.splitAsStream(command.get()).anyMatch(part -> matches(wanted, part.strip()));
    }
    return fileMatches(wanted, use);
  }

  private static Optional<String> command(JsonNode input) {
    return ClaudeParser.optional(input, "command");
  }

  /** {@code npm test:*} is a prefix of words, {@code *} stands for anything. */
  private static boolean matches(String wanted, String command) {
    if (wanted.endsWith(":*")) {
      String prefix = wanted.substring(0, wanted.length() - 2);
      return command.equals(prefix) || command.startsWith(prefix + " ");
    }
    return Re2Patterns.wildcard(wanted).matches(command);
  }

  private static boolean fileMatches(String wanted, ToolCallAuthorizer.ToolUse use) {
    Optional<Path> real = use.paths().resolve(use.ruled().path());
    String pattern =
        wanted.startsWith("//")
            ? wanted.substring(1)
            : use.paths().view().workspace() + "/" + wanted.replaceFirst("^\\.?/", "");
    return real.filter(path -> Re2Patterns.glob(pattern).matches(path.toString())).isPresent();
  }
}
