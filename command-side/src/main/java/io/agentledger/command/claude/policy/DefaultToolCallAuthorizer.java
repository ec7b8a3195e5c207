package io.agentledger.command.claude.policy;

import io.agentledger.api.session.PermissionMode;
import io.agentledger.api.session.SessionTools;
import io.agentledger.api.session.event.ActionEvent.Decision;
import io.agentledger.api.session.event.OutputEvent.Verdict;
import io.agentledger.store.permission.EvaluatedToolCall;
import io.agentledger.store.permission.ToolGroups;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Deny beats ask beats allow, whoever says it: what is closed to everybody and what the query
 * disallows, the policies, a plan that is not approved yet; where they are silent the mode, then
 * the house's defaults (work in the workspace, and shell commands where they are boxed); what is
 * left is asked.
 */
public final class DefaultToolCallAuthorizer implements ToolCallAuthorizer {
  private static final List<String> BOOKKEEPING =
      List.of(
          "Agent",
          "Skill",
          "StructuredOutput",
          "TaskCreate",
          "TaskGet",
          "TaskList",
          "TaskOutput",
          "TaskStop",
          "TaskUpdate");

  private static final List<Verdict> STRICTEST_FIRST =
      List.of(Verdict.DENIED, Verdict.ASKED, Verdict.ALLOWED);

  private final PolicyEvaluator policies;

  public DefaultToolCallAuthorizer(PolicyEvaluator policies) {
    this.policies = policies;
  }

  @Override
  public PermissionDecision decide(Subject subject, ToolUse use) {
    PermissionDecision decision = ruling(subject, use);
    boolean nobody = use.options().permissionMode().isNonInteractive();
    return nobody && decision.is(Verdict.ASKED)
        ? PermissionDecision.denied("mode dontAsk: nobody is asked; " + decision.rule())
        : decision;
  }

  private PermissionDecision ruling(Subject subject, ToolUse use) {
    Optional<Path> real = realPath(use);
    PolicyEvaluator.PolicyResult policyResult = policies.evaluate(subject, use);
    Optional<PermissionDecision> closed = closed(use, real, policyResult.groups());
    if (closed.isPresent()) {
      return closed.get();
    }
    Optional<PermissionDecision> said = stricter(policyResult.ruling(), use.voices().hooks());
    if (said.filter(decision -> decision.is(Verdict.DENIED)).isPresent()) {
      return said.get();
    }
    boolean planning = use.options().permissionMode() == PermissionMode.PLAN && !use.planApproved();
    if (planning) { // Whatever allows a change, a plan is looked at first.
      PermissionDecision mode = planning(use, real);
      return mode.is(Verdict.ALLOWED) ? said.orElse(mode) : mode;
    }
    if (use.tool().equals("AskUserQuestion")) {
      return PermissionDecision.asked("a question is for a person");
    }
    return said.orElseGet(() -> inMode(use, real, policyResult));
  }

  private static Optional<Path> realPath(ToolUse use) {
    EvaluatedToolCall call = use.ruled();
    return call.isAboutFiles() ? use.paths().resolve(call.path()) : Optional.empty();
  }

  /** What nobody can open. */
  private static Optional<PermissionDecision> closed(
      ToolUse use, Optional<Path> real, ToolGroups groups) {
    for (String rule : use.options().disallowedTools()) {
      // A group that is gone disallows everything: nobody can tell any more what was meant.
      if (meant(rule, groups, List.of("*")).anyMatch(toolRule -> toolRule.denies(use))) {
        return Optional.of(PermissionDecision.denied("disallowed by " + rule));
      }
    }
    if (use.voices().person().filter(Decision.DENY::equals).isPresent()) {
      return Optional.of(PermissionDecision.denied("denied by a person for this session"));
    }
    boolean files = use.ruled().isAboutFiles();
    if (files && real.filter(path -> isOpen(use, path)).isEmpty()) {
      return Optional.of(
          PermissionDecision.denied("processes, devices and the CLI's own files are closed"));
    }
    boolean writes = EvaluatedToolCall.WRITERS.contains(use.tool());
    return writes && real.filter(use.paths()::isReadOnly).isPresent()
        ? Optional.of(
            PermissionDecision.denied("a directory beside the workspace that is read-only"))
        : Optional.empty();
  }

  private static boolean isOpen(ToolUse use, Path path) {
    boolean through = use.ruled().searches() && use.paths().holdsForbidden(path);
    return !through && !use.paths().isForbidden(path);
  }

  private static Stream<ToolRule> meant(String rule, ToolGroups groups, List<String> unknown) {
    return rule.startsWith(ToolGroups.MARK)
        ? groups.find(rule).orElse(unknown).stream().map(ToolRule::parse)
        : Stream.of(ToolRule.parse(rule));
  }

  /** Whoever says less wins; of equals the policy explains it. */
  private static Optional<PermissionDecision> stricter(
      Optional<PermissionDecision> policy, Optional<PermissionDecision> hooks) {
    return Stream.of(policy, hooks)
        .flatMap(Optional::stream)
        .min(Comparator.comparing(decision -> STRICTEST_FIRST.indexOf(decision.verdict())));
  }

  private static PermissionDecision inMode(
      ToolUse use, Optional<Path> real, PolicyEvaluator.PolicyResult policyResult) {
    boolean bypass = use.options().permissionMode() == PermissionMode.BYPASS_PERMISSIONS;
    if (bypass && policyResult.permitsBypass()) {
      return PermissionDecision.allowed("mode bypassPermissions");
    }
    if (use.voices().person().isPresent()) {
      return PermissionDecision.allowed("allowed by a person for this session");
    }
    for (String rule : use.options().allowedTools()) {
      if (meant(rule, policyResult.groups(), List.of())
          .anyMatch(toolRule -> toolRule.allows(use))) {
        return PermissionDecision.allowed("allowed by " + rule);
      }
    }
    PermissionDecision decision = byDefault(use, real);
    return bypass && decision.is(Verdict.ASKED)
        ? PermissionDecision.asked("no policy permits mode bypassPermissions; " + decision.rule())
        : decision;
  }

  /** Looks and plans; the plan itself is for a person, and so is a question. */
  private static PermissionDecision planning(ToolUse use, Optional<Path> real) {
    if (use.tool().equals("ExitPlanMode")) {
      return PermissionDecision.asked("a plan is for a person");
    }
    if (use.tool().equals("AskUserQuestion")) {
      return PermissionDecision.asked("a question is for a person");
    }
    boolean looks =
        EvaluatedToolCall.READERS.contains(use.tool())
            && real.filter(path -> use.paths().isOwn(path) || use.paths().isInMount(path))
                .isPresent();
    boolean writesPlan =
        EvaluatedToolCall.WRITERS.contains(use.tool())
            && real.filter(use.paths()::isPlan).isPresent();
    return looks || writesPlan || BOOKKEEPING.contains(use.tool())
        ? PermissionDecision.allowed("mode plan: looking is allowed, and writing the plan")
        : PermissionDecision.denied("mode plan: nothing is changed before the plan is approved");
  }

  private static PermissionDecision byDefault(ToolUse use, Optional<Path> real) {
    if (real.filter(use.paths()::isInMount).isPresent()) { // Where it is read-only that was said.
      return PermissionDecision.allowed("default: files of a directory that the session was given");
    }
    if (real.isPresent()) {
      boolean own =
          EvaluatedToolCall.WRITERS.contains(use.tool())
              ? use.paths().isInWorkspace(real.get())
              : use.paths().isOwn(real.get());
      return own
          ? PermissionDecision.allowed("default: files of the workspace")
          : PermissionDecision.asked("default: a file outside of the workspace");
    }
    if (use.tool().equals("Bash")) {
      return use.boxed()
          ? PermissionDecision.allowed("default: shell commands in the sandbox")
          : PermissionDecision.asked("default: a shell command without a sandbox");
    }
    if (use.tool().startsWith("mcp__" + SessionTools.CLIENT + "__")) {
      return PermissionDecision.allowed("default: the client carries it out itself, or does not");
    }
    return BOOKKEEPING.contains(use.tool())
        ? PermissionDecision.allowed("default: the agent's own bookkeeping")
        : PermissionDecision.asked("default: everything else is asked");
  }
}
