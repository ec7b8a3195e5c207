package io.agentledger.command.claude.policy;

import io.agentledger.api.mcp.PlatformServer;
import io.agentledger.api.session.PermissionMode;
import io.agentledger.api.session.RunOptions;
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
 * Decides from several sources, where deny beats ask and ask beats allow: paths that are closed to
 * every agent and tools that the query disallows, the policies, and plan mode until the plan is
 * approved. If none of them decides, the list of allowed tools does, then the permission mode, then
 * a user. The default list allows work in the workspace and sandboxed shell commands. Calls that
 * only read the workspace or keep the agent's own notes need not be listed.
 */
public final class DefaultToolCallAuthorizer implements ToolCallAuthorizer {
  private static final List<String> BOOKKEEPING =
      List.of(
          PlatformServer.ESCALATE, // An agent may always ask for people.
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
    PermissionDecision decision = evaluate(subject, use);
    boolean nonInteractive = use.options().permissionMode().isNonInteractive();
    return (nonInteractive && decision.hasVerdict(Verdict.ASKED)
            ? PermissionDecision.denied("denied: nobody to ask (mode dontAsk); " + decision.rule())
            : decision)
        .about(use);
  }

  @Override
  public ToolCallAuthorizer snapshot(Subject subject) {
    return new DefaultToolCallAuthorizer(policies.snapshot(subject));
  }

  private PermissionDecision evaluate(Subject subject, ToolUse use) {
    Optional<Path> real = use.target();
    PolicyEvaluator.PolicyResult policyResult = policies.evaluate(subject, use);
    Optional<PermissionDecision> denial = findDenial(use, real, policyResult.groups());
    if (denial.isPresent()) {
      return denial.get();
    }
    Optional<PermissionDecision> explicit =
        stricter(policyResult.decision(), use.priorDecisions().hooks());
    if (explicit.filter(decision -> decision.hasVerdict(Verdict.DENIED)).isPresent()) {
      return explicit.get();
    }
    boolean planning = use.options().permissionMode() == PermissionMode.PLAN && !use.planApproved();
    Optional<PermissionDecision> byPlan = planning ? decideInPlanMode(use, real) : Optional.empty();
    if (byPlan.isPresent()) { // The plan is reviewed first, even if a rule allows the change.
      return byPlan.get().hasVerdict(Verdict.ALLOWED)
          ? explicit.orElse(byPlan.get())
          : byPlan.get();
    }
    if (use.tool().equals("AskUserQuestion")) {
      return PermissionDecision.asked("a question must be answered by a user");
    }
    if (PlatformServer.needsApproval(
        use.tool())) { // No rule, mode or earlier answer replaces the user.
      return PermissionDecision.asked("an agent changes the platform with a user's approval only");
    }
    return explicit.orElseGet(() -> decideByList(use, real, policyResult));
  }

  /** Finds a denial that no policy, mode or person can override. */
  private static Optional<PermissionDecision> findDenial(
      ToolUse use, Optional<Path> real, ToolGroups groups) {
    for (String rule : use.options().disallowedTools()) {
      // A deleted group disallows everything, because its tools are no longer known.
      if (expandRule(rule, groups, List.of("*")).anyMatch(toolRule -> toolRule.denies(use))) {
        return Optional.of(PermissionDecision.denied("disallowed by " + rule));
      }
    }
    if (use.rememberedDecision().filter(Decision.DENY::equals).isPresent()) {
      return Optional.of(PermissionDecision.denied("denied by a user for this session"));
    }
    boolean files = use.toEvaluatedCall().isAboutFiles();
    if (files && real.filter(path -> isAccessible(use, path)).isEmpty()) {
      return Optional.of(
          PermissionDecision.denied(
              "access to processes, devices and the CLI's own files is denied"));
    }
    boolean writes = EvaluatedToolCall.WRITERS.contains(use.tool());
    return real.filter(path -> writes)
        .flatMap(use.paths()::readOnlyReason)
        .map(PermissionDecision::denied);
  }

  private static boolean isAccessible(ToolUse use, Path path) {
    boolean searchesForbidden =
        use.toEvaluatedCall().searches() && use.paths().containsForbidden(path);
    boolean readsSkill =
        EvaluatedToolCall.READERS.contains(use.tool()) && use.paths().isSkill(path);
    return readsSkill || !searchesForbidden && !use.paths().isForbidden(path);
  }

  private static Stream<ToolRule> expandRule(String rule, ToolGroups groups, List<String> unknown) {
    return rule.startsWith(ToolGroups.PREFIX)
        ? groups.find(rule).orElse(unknown).stream().map(ToolRule::parse)
        : Stream.of(ToolRule.parse(rule));
  }

  /** Returns the stricter decision; of equal decisions that of the policy. */
  private static Optional<PermissionDecision> stricter(
      Optional<PermissionDecision> policy, Optional<PermissionDecision> hooks) {
    return Stream.of(policy, hooks)
        .flatMap(Optional::stream)
        .min(Comparator.comparing(decision -> STRICTEST_FIRST.indexOf(decision.verdict())));
  }

  /** Decides by the list of allowed tools, then by the mode, then by what a user said before. */
  private static PermissionDecision decideByList(
      ToolUse use, Optional<Path> real, PolicyEvaluator.PolicyResult policyResult) {
    List<String> allowedTools = use.options().allowedTools();
    for (String rule : allowedTools) {
      if (!rule.equals(RunOptions.DEFAULT_RULE)
          && expandRule(rule, policyResult.groups(), List.of())
              .anyMatch(toolRule -> toolRule.allows(use))) {
        return PermissionDecision.allowed("allowed by " + rule);
      }
    }
    boolean defaults = allowedTools.contains(RunOptions.DEFAULT_RULE);
    PermissionDecision byDefault = decideByDefault(use, real);
    if (byDefault.hasVerdict(Verdict.ALLOWED) && (defaults || isUnlisted(use))) {
      return byDefault;
    }
    PermissionMode mode = use.options().permissionMode();
    boolean bypass = mode == PermissionMode.BYPASS_PERMISSIONS;
    if (bypass && policyResult.permitsBypass()) {
      return PermissionDecision.allowed("mode bypassPermissions");
    }
    if (mode == PermissionMode.ACCEPT_EDITS
        && EvaluatedToolCall.WRITERS.contains(use.tool())
        && byDefault.hasVerdict(Verdict.ALLOWED)) {
      return PermissionDecision.allowed("mode acceptEdits: files of the workspace");
    }
    if (use.rememberedDecision().isPresent()) {
      return PermissionDecision.allowed("allowed by a user for this session");
    }
    String rule =
        byDefault.hasVerdict(Verdict.ALLOWED)
            ? use.tool() + " is not in allowed_tools"
            : byDefault.rule();
    return PermissionDecision.asked(
        bypass ? "no policy permits mode bypassPermissions; " + rule : rule);
  }

  /** Returns whether a call that the defaults allow needs no entry in the list of allowed tools. */
  private static boolean isUnlisted(ToolUse use) {
    return EvaluatedToolCall.READERS.contains(use.tool()) || BOOKKEEPING.contains(use.tool());
  }

  /**
   * Decides in plan mode: reading is allowed; a user must approve the plan and answer questions.
   *
   * @return empty for tools that the mode does not concern
   */
  private static Optional<PermissionDecision> decideInPlanMode(ToolUse use, Optional<Path> real) {
    if (use.tool().equals("ExitPlanMode")) {
      return Optional.of(PermissionDecision.asked("a plan must be approved by a user"));
    }
    if (use.tool().equals("AskUserQuestion")) {
      return Optional.of(PermissionDecision.asked("a question must be answered by a user"));
    }
    boolean subagent = use.tool().equals("Agent"); // The mode applies to its calls, too.
    if (subagent || EvaluatedToolCall.WEB_READERS.contains(use.tool())) {
      return Optional.empty();
    }
    boolean reads =
        EvaluatedToolCall.READERS.contains(use.tool())
            && real.filter(
                    path -> use.paths().isInSessionFiles(path) || use.paths().isInMount(path))
                .isPresent();
    boolean writesPlan =
        EvaluatedToolCall.WRITERS.contains(use.tool())
            && real.filter(use.paths()::isPlan).isPresent();
    return Optional.of(
        reads || writesPlan || BOOKKEEPING.contains(use.tool())
            ? PermissionDecision.allowed("mode plan: reading and writing the plan are allowed")
            : PermissionDecision.denied("mode plan: no changes before the plan is approved"));
  }

  private static PermissionDecision decideByDefault(ToolUse use, Optional<Path> real) {
    if (real.filter(use.paths()::isInMount).isPresent()) { // Read-only mounts were denied before.
      return PermissionDecision.allowed("default: files of a directory of the session");
    }
    if (real.isPresent()) {
      boolean own =
          EvaluatedToolCall.WRITERS.contains(use.tool())
              ? use.paths().isInWorkspace(real.get())
              : use.paths().isInSessionFiles(real.get());
      return own
          ? PermissionDecision.allowed("default: files of the workspace")
          : PermissionDecision.asked("default: a file outside of the workspace");
    }
    if (use.tool().equals("Bash")) {
      return use.sandboxed()
          ? PermissionDecision.allowed("default: shell commands in the sandbox")
          : PermissionDecision.asked("default: a shell command without a sandbox");
    }
    if (use.tool().startsWith("mcp__" + SessionTools.CLIENT + "__")) {
      return PermissionDecision.allowed("default: the client executes the tool");
    }
    return BOOKKEEPING.contains(use.tool()) || use.tool().equals("Agent")
        ? PermissionDecision.allowed("default: tools without effect outside of the agent")
        : PermissionDecision.asked("default: every other tool requires approval");
  }
}
