package io.agentledger.store.permission;

import io.agentledger.api.permission.Effect;
import io.agentledger.api.permission.PolicyRule;
import io.agentledger.api.permission.PolicyView.Advisory;
import java.util.ArrayList;
import java.util.List;

/** Advisories about rules that the service cannot enforce alone as they are written. */
public final class RuleAdvisories {
  private static final String COMMANDS = "shell commands";

  private RuleAdvisories() {}

  /**
   * @param groups a name that they do not know stands for nothing
   */
  public static List<Advisory> advise(List<PolicyRule> rules, ToolGroups groups) {
    return rules.stream().flatMap(rule -> advise(rule, groups).stream()).toList();
  }

  private static List<Advisory> advise(PolicyRule rule, ToolGroups groups) {
    if (!rule.paths().isEmpty()) return advisePaths(rule, groups);
    if (!rule.commands().isEmpty()) return adviseCommands(rule);
    if (!rule.hosts().isEmpty())
      return List.of(
          new Advisory(
              rule.name(),
              COMMANDS,
              "Hosts are known where a tool's input names them, and where a command spells them"
                  + " out. What denies or asks for the shell or for all tools is also held where"
                  + " the sandbox has a way out: such a host is refused, and nobody is asked. In"
                  + " an open network another name may lead to it."));
    return List.of();
  }

  private static List<Advisory> adviseCommands(PolicyRule rule) {
    var found = new ArrayList<Advisory>();
    found.add(
        new Advisory(
            rule.name(),
            "programs",
            "The command's text is judged. What a program does by itself, or a script that"
                + " was written before, is held by the sandbox alone."));
    if (rule.effect() != Effect.ALLOW)
      found.add(
          new Advisory(
              rule.name(),
              "names made by the shell",
              "A command that takes a program's name from a variable, a pattern or another"
                  + " command's output ($X, /bin/r?, $(...)) is treated as one that the rule"
                  + " means."));
    return found;
  }

  private static List<Advisory> advisePaths(PolicyRule rule, ToolGroups groups) {
    if (rule.effect() == Effect.ALLOW || !ToolPattern.includesShell(rule.tools(), groups))
      return List.of(
          new Advisory(
              rule.name(),
              COMMANDS,
              "The rule binds file tools. What a shell command reads and writes is held by the"
                  + " sandbox alone, and by rules that deny to the shell or to all tools."));
    var found = new ArrayList<Advisory>();
    List<SandboxPath> sandboxPaths = rule.paths().stream().map(SandboxPath::of).toList();
    for (int i = 0; i < sandboxPaths.size(); i++)
      if (!sandboxPaths.get(i).canBeEnforced())
        found.add(
            new Advisory(
                rule.name(),
                COMMANDS,
                "Of %s the rule binds file tools alone: %s."
                    .formatted(rule.paths().get(i), sandboxPaths.get(i).violation())));
    if (sandboxPaths.stream().noneMatch(SandboxPath::canBeEnforced)) return found;
    if (rule.effect() == Effect.ASK)
      found.add(
          new Advisory(
              rule.name(), COMMANDS, "A mount asks nobody: what it asks about is closed to them."));
    found.add(
        new Advisory(
            rule.name(),
            "shell commands without a sandbox",
            "A mount in the sandbox holds them to it. Where runs have no sandbox the rule binds"
                + " file tools alone."));
    return found;
  }
}
