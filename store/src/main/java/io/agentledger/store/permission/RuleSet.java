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
 * All rules that count for a session, ready to be asked: deny beats ask beats allow, wherever they
 * stand. Of equal effects the highest priority explains the decision, then the first by name.
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

  /** A policy by name, with its rules ready. */
  public static final class CompiledPolicy {
    private final PolicyId id;
    private final String name;
    private final PolicyDefinition definition;
    private final List<CompiledRule> rules;

    /** What is wrong with its rules is {@link io.agentledger.api.shared.RejectionException}. */
    public CompiledPolicy(
        PolicyId id, String name, PolicyDefinition definition, ToolGroups groups) {
      this.id = id;
      this.name = name;
      this.definition = definition;
      this.rules = definition.rules().stream().map(rule -> new CompiledRule(rule, groups)).toList();
    }

    /** What is wrong with the rules is {@link io.agentledger.api.shared.RejectionException}. */
    public static void check(PolicyDefinition definition, ToolGroups groups) {
      for (PolicyRule rule : definition.rules()) new CompiledRule(rule, groups);
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
   * @param policy whose rule it is
   * @param explanation why the rule matches, and how to write a call that it does not; empty where
   *     the rule's own words say it
   */
  public record RuleDecision(
      PolicyId policy, String policyName, PolicyRule rule, String explanation) {
    public Effect effect() {
      return rule.effect();
    }

    /** In words that a person can look up. */
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

  /** The first that closes a host to connections of shell commands, in words. */
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
                      + " (a person is to be asked, and a connection cannot wait)"
                  : decision.description();
            });
  }

  /** Whether any host is closed by its name. */
  public boolean deniesHosts() {
    return entries.stream().anyMatch(entry -> entry.compiled().deniesHosts());
  }

  /** What is closed to shell commands by its path. */
  public DeniedPaths deniedPaths() {
    return deniedPaths;
  }

  /** What is denied to file tools, as far as it is named and no pattern. */
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

  /** The first that matches, in the order in which they win; empty when none says anything. */
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
