package io.agentledger.store.permission;

import com.google.re2j.Pattern;
import io.agentledger.api.permission.Effect;
import io.agentledger.api.permission.PolicyRule;
import io.agentledger.api.permission.PolicyRule.Use;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Compiled rule. Evaluation never blocks, and takes time in proportion to the call. */
final class CompiledRule {
  private final PolicyRule rule;
  private final List<ToolPattern> tools;
  private final List<PathPattern> paths;
  private final List<Pattern> commands;
  private final List<Pattern> hosts;
  private final boolean deniesShell;

  /**
   * Compiles a rule.
   *
   * @throws io.agentledger.api.shared.RejectionException if the rule is invalid
   */
  CompiledRule(PolicyRule rule, ToolGroups groups) {
    this.rule = rule;
    requireConsistent(rule);
    this.tools =
        rule.tools().stream()
            .flatMap(tool -> groups.members(rule.name(), tool).stream())
            .map(ToolPattern::new)
            .toList();
    this.paths = rule.paths().stream().map(PathPattern::new).toList();
    this.commands =
        rule.commands().stream().map(text -> Re2Patterns.compile(rule.name(), text)).toList();
    this.hosts =
        rule.hosts().stream().map(HostExtractor::normalize).map(Re2Patterns::wildcard).toList();
    this.deniesShell =
        rule.effect() != Effect.ALLOW && ToolPattern.includesShell(rule.tools(), groups);
  }

  private static void requireConsistent(PolicyRule rule) {
    int subjects = 0;
    for (List<String> subject : List.of(rule.paths(), rule.commands(), rule.hosts()))
      if (!subject.isEmpty()) subjects++;
    if (subjects > 1)
      throw Re2Patterns.invalidRule(
          rule.name(), "has more than one of paths, commands and hosts: use a rule for each");
    if (rule.use() != Use.ANY && rule.paths().isEmpty())
      throw Re2Patterns.invalidRule(rule.name(), "has a use but no paths");
    if (!rule.approvalTimeout().isZero() && rule.effect() != Effect.ASK)
      throw Re2Patterns.invalidRule(
          rule.name(), "has an approval timeout, but its effect is not ask");
    if (!rule.hosts().isEmpty() && rule.effect() == Effect.ALLOW && rule.tools().contains("Bash"))
      throw Re2Patterns.invalidRule(
          rule.name(), "allows hosts to shell commands, which cannot be held to them");
  }

  PolicyRule rule() {
    return rule;
  }

  /** Returns the number of instructions of its compiled commands. */
  int programSize() {
    return commands.stream().mapToInt(Pattern::programSize).sum();
  }

  /**
   * Returns true if the rule applies to the call.
   *
   * @param command the parsed command of a shell call
   */
  boolean matches(EvaluatedToolCall call, Optional<ShellCommand> command) {
    boolean strict = rule.effect() != Effect.ALLOW;
    if (!tools.isEmpty() && tools.stream().noneMatch(tool -> tool.covers(call, strict)))
      return false;
    if (!paths.isEmpty()) return call.isAboutFiles() && matchesUse(call) && matchesPath(call);
    if (!commands.isEmpty()) return command.filter(this::matchesCommand).isPresent();
    return hosts.isEmpty() || matchesHost(call);
  }

  /**
   * Returns true if it denies hosts to all connections of shell commands, also to hosts that the
   * command does not name.
   */
  boolean deniesHosts() {
    return deniesShell && !hosts.isEmpty();
  }

  boolean deniesHost(String host) {
    return deniesHosts() && isHostListed(host);
  }

  /**
   * Returns the locations that it closes to shell commands. A mount cannot ask, so effect ask
   * closes, too.
   */
  List<String> deniedPaths() {
    return deniesShell
        ? rule.paths().stream()
            .map(SandboxPath::of)
            .filter(SandboxPath::canBeEnforced)
            .map(SandboxPath::path)
            .toList()
        : List.of();
  }

  /** Returns the paths that it denies to every file tool without asking. */
  List<String> pathsDeniedToFileTools(boolean subtrees) {
    boolean deniesAll =
        rule.effect() == Effect.DENY
            && rule.use() != Use.READ
            && Stream.of(EvaluatedToolCall.READERS, EvaluatedToolCall.WRITERS)
                .flatMap(List::stream)
                .allMatch(
                    name -> tools.isEmpty() || tools.stream().anyMatch(tool -> tool.covers(name)));
    return deniesAll
        ? rule.paths().stream()
            .filter(path -> SandboxPath.isSubtree(path) == subtrees)
            .map(SandboxPath::of)
            .filter(SandboxPath::canBeEnforced)
            .map(SandboxPath::path)
            .toList()
        : List.of();
  }

  private boolean matchesCommand(ShellCommand command) {
    return rule.effect() == Effect.ALLOW
        ? command.allPartsMatch(commands)
        : command.find(commands) != ShellCommand.Match.NONE;
  }

  /** Explains a match that is not obvious from the rule; empty for most. */
  String explanation(Optional<ShellCommand> command) {
    return rule.effect() == Effect.ALLOW || commands.isEmpty()
        ? ""
        : command.map(text -> text.find(commands).explanation()).orElse("");
  }

  private boolean matchesUse(EvaluatedToolCall call) {
    return switch (rule.use()) {
      case ANY -> true;
      case READ -> !call.writes();
      case WRITE -> call.writes();
    };
  }

  /**
   * Matches paths. For deny and ask, a path that cannot be resolved counts as a match, and a
   * directory that is named without a wildcard covers what it contains, as it does for commands.
   */
  private boolean matchesPath(EvaluatedToolCall call) {
    Optional<Path> real = call.pathResolver().resolve(call.path());
    if (real.isEmpty()) return rule.effect() != Effect.ALLOW;
    Path workspace = call.pathResolver().workspace();
    boolean strict = rule.effect() != Effect.ALLOW;
    return paths.stream()
        .anyMatch(
            path ->
                path.covers(real.get(), workspace)
                    || strict && path.isAbove(real.get(), workspace)
                    || strict && call.searches() && path.isBelow(real.get(), workspace));
  }

  /** Matches hosts. To allow, every host must be covered, which is never known for a command. */
  private boolean matchesHost(EvaluatedToolCall call) {
    List<String> names = call.hosts();
    if (rule.effect() != Effect.ALLOW) return names.stream().anyMatch(this::isHostListed);
    return call.command().isEmpty()
        && !names.isEmpty()
        && names.stream().allMatch(this::isHostListed);
  }

  private boolean isHostListed(String host) {
    return hosts.stream().anyMatch(pattern -> pattern.matches(host));
  }
}
