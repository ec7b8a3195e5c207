package io.agentledger.store.permission;

import io.agentledger.api.permission.Effect;
import io.agentledger.api.permission.PolicyRule;
import io.agentledger.api.permission.PolicyView.Advisory;
import java.util.ArrayList;
import java.util.List;

/** Finds rules that the service can only enforce in part. */
public final class RuleAdvisories {
  private static final String COMMANDS = "shell commands";

  private RuleAdvisories() {}

  /**
   * Returns the advisories of the rules.
   *
   * @param groups known groups; unknown names match nothing
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
              "Hosts are known if a tool's input or the text of a command names them. If the"
                  + " sandbox has network access, rules that deny or ask for the shell or for all"
                  + " tools also refuse connections, without asking. In an open network another"
                  + " name may lead to a denied host."));
    return List.of();
  }

  private static List<Advisory> adviseCommands(PolicyRule rule) {
    var found = new ArrayList<Advisory>();
    found.add(
        new Advisory(
            rule.name(),
            "programs",
            "Only the command's text is checked. Actions of a program itself, or of a script"
                + " that was written before, are restricted only by the sandbox."));
    if (rule.effect() != Effect.ALLOW)
      found.add(
          new Advisory(
              rule.name(),
              "names computed by the shell",
              "A command that takes a program's name from a variable, a pattern or another"
                  + " command's output ($X, /bin/r?, $(...)) matches the rule."));
    return found;
  }

  private static List<Advisory> advisePaths(PolicyRule rule, ToolGroups groups) {
    if (rule.effect() == Effect.ALLOW || !ToolPattern.includesShell(rule.tools(), groups))
      return List.of(
          new Advisory(
              rule.name(),
              COMMANDS,
              "The rule binds file tools only. Shell commands are restricted by the sandbox, and by"
                  + " rules that deny for the shell or for all tools."));
    var found = new ArrayList<Advisory>();
    List<SandboxPath> sandboxPaths = rule.paths().stream().map(SandboxPath::of).toList();
    for (int i = 0; i < sandboxPaths.size(); i++)
      if (!sandboxPaths.get(i).canBeEnforced())
        found.add(
            new Advisory(
                rule.name(),
                COMMANDS,
                "Of %s the rule binds file tools only: %s."
                    .formatted(rule.paths().get(i), sandboxPaths.get(i).violation())));
    if (sandboxPaths.stream().noneMatch(SandboxPath::canBeEnforced)) return found;
    if (rule.effect() == Effect.ASK)
      found.add(
          new Advisory(
              rule.name(), COMMANDS, "A mount cannot ask: the rule's paths are closed to them."));
    found.add(
        new Advisory(
            rule.name(),
            "shell commands without a sandbox",
            "A mount in the sandbox enforces the rule for them. Without a sandbox the rule binds"
                + " file tools only."));
    return found;
  }
}
