package io.agentledger.gateway.support.validation;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.agentledger.api.environment.HostPattern;
import io.agentledger.api.mcp.PlatformServer;
import io.agentledger.api.permission.ToolNames;
import io.agentledger.api.session.RunOptions;
import io.agentledger.api.session.SessionTools;
import io.agentledger.api.shared.RegexLimits;
import io.agentledger.gateway.support.validation.ToolReference.Form;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.stream.Stream;

/**
 * Names that references to tools can contain.
 *
 * @param groups the tenant's own tool groups, without prefix
 * @param servers the tenant's MCP servers
 */
record KnownTools(List<String> groups, List<String> servers) {
  private static final java.util.regex.Pattern RULE =
      java.util.regex.Pattern.compile("\\s*([^()\\s]+)\\s*(?:\\((.*)\\))?\\s*");

  /** Matcher that consists of exact names. */
  private static final java.util.regex.Pattern NAMES =
      java.util.regex.Pattern.compile("[A-Za-z0-9_-]+(?:\\|[A-Za-z0-9_-]+)*");

  KnownTools {
    groups = Stream.concat(groups.stream(), ToolNames.BUILT_IN_GROUPS.stream()).sorted().toList();
    servers =
        Stream.concat(servers.stream(), Stream.of(SessionTools.CLIENT, PlatformServer.NAME))
            .sorted()
            .distinct()
            .toList();
  }

  /** Returns what is wrong with the reference, and what to write instead; empty if it is valid. */
  Optional<String> findViolation(ToolReference reference) {
    String text = reference.text();
    return switch (reference.form()) {
      case ALLOWED, DISALLOWED -> checkRule(text, reference.form());
      case MATCHER -> checkMatcher(text);
      default -> checkName(text, reference.form());
    };
  }

  private Optional<String> checkRule(String text, Form form) {
    Matcher rule = RULE.matcher(text);
    if (!rule.matches())
      return Optional.of(
          "must be a tool, or a tool and a pattern in closed parentheses: Bash, Bash(npm test:*)");
    String name = rule.group(1);
    Optional<String> violation = checkName(name, form);
    String pattern = rule.group(2);
    if (violation.isPresent() || pattern == null) return violation;
    if (!ToolNames.WITH_PATTERN.contains(name))
      return Optional.of(
          "must have no parentheses: only "
              + String.join(", ", ToolNames.WITH_PATTERN)
              + " have patterns; write "
              + name);
    if (name.equals("WebFetch")) return checkDomain(pattern.strip());
    return pattern.isBlank() || pattern.strip().equals(":*")
        ? Optional.of(
            "must have a pattern in the parentheses; write " + name + " for every call of the tool")
        : Optional.empty();
  }

  private static Optional<String> checkDomain(String pattern) {
    boolean valid =
        pattern.startsWith(ToolNames.DOMAIN)
            && HostPattern.of(pattern.substring(ToolNames.DOMAIN.length()).strip())
                .filter(host -> host.port().isEmpty())
                .isPresent();
    return valid
        ? Optional.empty()
        : Optional.of(
            "must name a host without a port: WebFetch(domain:example.com), or"
                + " WebFetch(domain:*.example.com) for all names below it");
  }

  private Optional<String> checkMatcher(String text) {
    if (NAMES.matcher(text).matches())
      return Arrays.stream(text.split("\\|"))
          .flatMap(name -> checkName(name, Form.MATCHER).stream())
          .findFirst();
    var violation = RegexLimits.findViolation(text);
    if (violation.isPresent()) return violation;
    try {
      Pattern.compile(text);
      return Optional.empty();
    } catch (PatternSyntaxException exception) {
      return Optional.of(
          "must be names separated by |, or an RE2 expression: " + exception.getDescription());
    }
  }

  private Optional<String> checkName(String name, Form form) {
    if (name.startsWith(ToolNames.GROUP)) return checkGroup(name, form);
    if (name.startsWith(ToolNames.MCP)) return checkServer(name, form);
    if (form == Form.SUBAGENT && name.equals("*")) return Optional.empty();
    boolean exact = form == Form.SUBAGENT || form == Form.MATCHER;
    boolean known =
        !exact && name.contains("*")
            ? Stream.concat(ToolNames.BUILT_IN.stream(), Stream.of(ToolNames.MCP))
                .anyMatch(tool -> matches(name, tool))
            : ToolNames.BUILT_IN.contains(name)
                || form != Form.MATCHER && name.equals(ToolNames.TASK);
    return known
        ? Optional.empty()
        : Optional.of(
            "names no tool: %s; %s"
                .formatted(
                    name,
                    SimilarNames.question(name, ToolNames.BUILT_IN)
                        .orElse(
                            "the names are those of Claude Code, such as Bash, and"
                                + " mcp__<server>__<tool>")));
  }

  private Optional<String> checkGroup(String name, Form form) {
    if (form != Form.ALLOWED && form != Form.DISALLOWED && form != Form.POLICY)
      return Optional.of("must be the name of a tool, not of a group");
    boolean known =
        groups.contains(name.substring(ToolNames.GROUP.length()))
            || form == Form.ALLOWED && name.equals(RunOptions.DEFAULT_RULE);
    if (known && !(form != Form.ALLOWED && name.equals(RunOptions.DEFAULT_RULE)))
      return Optional.empty();
    List<String> names = groups.stream().map(group -> ToolNames.GROUP + group).toList();
    return Optional.of(
        "names no tool group: %s; %s"
            .formatted(
                name,
                SimilarNames.question(name, names)
                    .orElse("the groups are " + String.join(", ", names))));
  }

  private Optional<String> checkServer(String name, Form form) {
    String rest = name.substring(ToolNames.MCP.length());
    int end = rest.indexOf("__");
    String server = end < 0 ? rest : rest.substring(0, end);
    if (form == Form.MATCHER && end < 0)
      return Optional.of("matches no tool: " + name + "; write " + name + "__.* for all its tools");
    boolean exact = form == Form.SUBAGENT || form == Form.MATCHER;
    boolean known =
        servers.stream().anyMatch(it -> rest.equals(it) || rest.startsWith(it + "__"))
            || !exact
                && server.contains("*")
                && (server.equals("*") || servers.stream().anyMatch(it -> matches(server, it)));
    return known
        ? Optional.empty()
        : Optional.of(
            "names no MCP server: %s; %s"
                .formatted(
                    server,
                    SimilarNames.question(server, servers)
                        .orElse("a server must be registered before a rule names it")));
  }

  private static boolean matches(String wildcard, String name) {
    return Pattern.matches(Pattern.quote(wildcard).replace("\\*", ".*"), name);
  }
}
