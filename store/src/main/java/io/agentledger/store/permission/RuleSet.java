package io.agentledger.store.permission;

import io.agentledger.api.permission.Effect;
import io.agentledger.api.permission.PolicyDefinition;
import io.agentledger.api.permission.PolicyId;
import io.agentledger.api.permission.PolicyRule;
import io.agentledger.api.permission.PolicyRule.Use;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * All rules in force for a session, compiled. Deny has precedence over ask, and ask over allow, in
 * whichever policy a rule is. Among equal effects, the rule with the highest priority explains the
 * decision, then the first by name.
 */
public final class RuleSet {
  private final List<Entry> entries;
  private final DeniedPaths deniedPaths;
  private final FileToolDenials deniedToFileTools;

  private record Entry(CompiledPolicy policy, CompiledRule compiled) {
    PolicyRule rule() {
      return compiled.rule();
    }

    String name() {
      return policy.name() + "/" + rule().name();
    }
  }

  /** Policy with its compiled rules. */
  public static final class CompiledPolicy {
    /** Maximum number of instructions of all expressions, which each shell call is matched with. */
    static final int PROGRAM_MAX = 20_000;

    private final PolicyId id;
    private final String name;
    private final PolicyDefinition definition;
    private final List<CompiledRule> rules;

    /**
     * Compiles a policy.
     *
     * @throws io.agentledger.api.shared.RejectionException if a rule is invalid
     */
    public CompiledPolicy(
        PolicyId id, String name, PolicyDefinition definition, ToolGroups groups) {
      this.id = id;
      this.name = name;
      this.definition = definition;
      this.rules = compile(definition, groups);
    }

    /**
     * Validates rules.
     *
     * @throws io.agentledger.api.shared.RejectionException if a rule is invalid
     */
    public static void check(PolicyDefinition definition, ToolGroups groups) {
      compile(definition, groups);
    }

    private static List<CompiledRule> compile(PolicyDefinition definition, ToolGroups groups) {
      List<CompiledRule> rules = new ArrayList<>();
      int programSize = 0;
      for (PolicyRule rule : definition.rules()) {
        var compiled = new CompiledRule(rule, groups);
        programSize += compiled.programSize();
        if (programSize > PROGRAM_MAX)
          throw Re2Patterns.invalidRule(
              rule.name(),
              "exceeds the limit of all expressions of a policy: at most "
                  + PROGRAM_MAX
                  + " instructions with their repetitions");
        rules.add(compiled);
      }
      return List.copyOf(rules);
    }

    String name() {
      return name;
    }

    public boolean permitsBypass() {
      return definition.enabled() && definition.permitsBypass();
    }
  }

  /**
   * Rule that decides a call, with its policy.
   *
   * @param policy policy of the rule
   * @param explanation the reason for the match, and how to write a call that does not match; empty
   *     if the rule itself shows it
   */
  public record RuleDecision(
      PolicyId policy, String policyName, PolicyRule rule, String explanation) {
    public Effect effect() {
      return rule.effect();
    }

    /** Returns a description by which a user can find the rule. */
    public String description() {
      String reason = rule.reason().isBlank() ? "" : ": " + rule.reason();
      String why = explanation.isEmpty() ? "" : " (" + explanation + ")";
      return "policy " + policyName + " (" + policy + "), rule " + rule.name() + reason + why;
    }
  }

  public RuleSet(List<CompiledPolicy> policies) {
    var all = new ArrayList<Entry>();
    for (CompiledPolicy policy : policies)
      if (policy.definition.enabled())
        for (CompiledRule rule : policy.rules) all.add(new Entry(policy, rule));
    all.sort(
        Comparator.comparing((Entry entry) -> entry.rule().effect())
            .thenComparing(entry -> -(long) entry.rule().priority())
            .thenComparing(Entry::name));
    this.entries = List.copyOf(all);
    this.deniedPaths = collectDeniedPaths(entries, CompiledRule::deniedPaths);
    this.deniedToFileTools =
        new FileToolDenials(
            collectDeniedPaths(entries, rule -> rule.pathsDeniedToFileTools(true)),
            collectDeniedPaths(entries, rule -> rule.pathsDeniedToFileTools(false)));
  }

  /**
   * Returns a description of the first rule that denies a host to connections of shell commands.
   */
  public Optional<String> denialOf(String host) {
    return entries.stream()
        .filter(entry -> entry.compiled().deniesHost(host))
        .findFirst()
        .map(
            entry -> {
              var decision =
                  new RuleDecision(entry.policy().id, entry.policy().name(), entry.rule(), "");
              return decision.effect() == Effect.ASK
                  ? decision.description()
                      + " (the rule requires asking a user, and a connection cannot wait)"
                  : decision.description();
            });
  }

  /** Returns true if any rule denies a host by name. */
  public boolean deniesHosts() {
    return entries.stream().anyMatch(entry -> entry.compiled().deniesHosts());
  }

  /** Returns the paths that are closed to shell commands. */
  public DeniedPaths deniedPaths() {
    return deniedPaths;
  }

  /** Returns the paths that are denied to file tools, without patterns. */
  public FileToolDenials deniedToFileTools() {
    return deniedToFileTools;
  }

  private static DeniedPaths collectDeniedPaths(
      List<Entry> entries, Function<CompiledRule, List<String>> paths) {
    var hidden = new TreeSet<String>();
    var readOnly = new TreeSet<String>();
    for (Entry entry : entries)
      (entry.rule().use() == Use.WRITE ? readOnly : hidden).addAll(paths.apply(entry.compiled()));
    return new DeniedPaths(hidden, readOnly);
  }

  /** Returns the rule that decides, in order of precedence; empty if no rule applies. */
  public Optional<RuleDecision> decide(EvaluatedToolCall call) {
    Optional<ShellCommand> command = call.command().map(ShellCommand::new);
    for (Entry entry : entries)
      if (entry.compiled().matches(call, command))
        return Optional.of(
            new RuleDecision(
                entry.policy().id,
                entry.policy().name(),
                entry.rule(),
                entry.compiled().explanation(command)));
    return Optional.empty();
  }
}
