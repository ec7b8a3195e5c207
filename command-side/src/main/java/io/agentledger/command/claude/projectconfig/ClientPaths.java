package io.agentledger.command.claude.projectconfig;

import io.agentledger.command.claude.sandbox.SandboxPaths;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Maps paths that the CLI sees to the names that clients use, in texts for clients: the copy of a
 * plugin to the plugin's folder in the workspace, the CLI's configuration to {@code .claude}, and a
 * file of the workspace to its relative path. Takes time linear in the text.
 */
public record ClientPaths(SandboxPaths sandboxPaths, List<String> plugins) {
  /** Whether a path begins here, and does not only go on. */
  private static final String PATH_START = "(?<![^\\s'\"(\\[=:,])";

  public ClientPaths {
    plugins = List.copyOf(plugins);
  }

  /** Returns the text with the names of the client. */
  public String toClientText(String text) {
    String config = sandboxPaths.config() + "/";
    return replaceCopies(text, config + ProjectConfig.PLUGINS + "/", plugins)
        .replace(config, ".claude/")
        .replaceAll(PATH_START + Pattern.quote(sandboxPaths.workspace() + "/"), "");
  }

  /** Returns the client's name of a file in the CLI's configuration. */
  static String toClientPath(String file, List<String> plugins) {
    String named = replaceCopies(file, ProjectConfig.PLUGINS + "/", plugins);
    return named.equals(file) ? ".claude/" + file : named;
  }

  private static String replaceCopies(String text, String pluginCopies, List<String> plugins) {
    return Pattern.compile(Pattern.quote(pluginCopies) + "(\\d{1,4})(?!\\d)")
        .matcher(text)
        .replaceAll(
            copy -> {
              int number = Integer.parseInt(copy.group(1));
              String name = number < plugins.size() ? plugins.get(number) : copy.group();
              return Matcher.quoteReplacement(name);
            });
  }
}
