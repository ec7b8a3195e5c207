package io.agentledger.command.claude.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentledger.api.agent.AgentId;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.mcp.PlatformServer;
import io.agentledger.api.session.PermissionMode;
import io.agentledger.api.session.RunOptions;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.event.ActionEvent.Decision;
import io.agentledger.api.session.event.OutputEvent.Verdict;
import io.agentledger.command.claude.sandbox.AgentPathResolver;
import io.agentledger.command.claude.sandbox.SandboxFixture;
import io.agentledger.command.claude.sandbox.SessionPaths;
import io.agentledger.store.permission.ToolGroups;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

class DefaultToolCallAuthorizerTest {
  private static final JsonMapper JSON = new JsonMapper();

  private static final ToolCallAuthorizer.Subject SUBJECT =
      new ToolCallAuthorizer.Subject(TenantId.next(), AgentId.next(), SessionId.next());

  /** Result of the policies; none by default. */
  private PolicyEvaluator.PolicyResult policyResult =
      new PolicyEvaluator.PolicyResult(Optional.empty(), false, ToolGroups.BUILT_IN_ONLY);

  /** Remembered decision about the same call. */
  private Optional<Decision> remembered = Optional.empty();

  /** Remembered decision about all calls of the tool. */
  private Optional<Decision> rememberedForTool = Optional.empty();

  /** Decision of the hooks about this call. */
  private Optional<ToolCallAuthorizer.PermissionDecision> hooks = Optional.empty();

  private final ToolCallAuthorizer toolCallAuthorizer =
      new DefaultToolCallAuthorizer((subject, use) -> policyResult);

  @TempDir Path base;
  private SessionPaths sessionPaths;
  private AgentPathResolver paths;

  @BeforeEach
  void createSandbox() throws Exception {
    sessionPaths = new SessionPaths(base.resolve("s"), OptionalInt.empty()).create();
    paths = new AgentPathResolver(sessionPaths, SandboxFixture.paths());
  }

  private Verdict decide(String tool, String input, RunOptions options, boolean sandboxed) {
    return decision(tool, input, options, sandboxed).verdict();
  }

  private ToolCallAuthorizer.PermissionDecision decision(
      String tool, String input, RunOptions options, boolean sandboxed) {
    return toolCallAuthorizer.decide(
        SUBJECT,
        new ToolCallAuthorizer.ToolUse(
            tool,
            JSON.readTree(input),
            options,
            paths,
            sandboxed,
            false,
            new ToolCallAuthorizer.PriorDecisions(remembered, rememberedForTool, hooks)));
  }

  private Verdict decide(String tool, String input) {
    return decide(tool, input, options(PermissionMode.DEFAULT, List.of(), List.of()), true);
  }

  /** Options that add the allowed tools to the defaults. */
  private static RunOptions options(
      PermissionMode mode, List<String> allow, List<String> denyRules) {
    List<String> allowed = new ArrayList<>(RunOptions.DEFAULT_ALLOWED_TOOLS);
    allowed.addAll(allow);
    return new RunOptions("model", mode, allowed, denyRules, 10, Duration.ofMinutes(1));
  }

  private static RunOptions only(PermissionMode mode, String... allow) {
    return new RunOptions("model", mode, List.of(allow), List.of(), 10, Duration.ofMinutes(1));
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {
        "Bash, {\"command\":\"ls\"}",
        "Write, {\"file_path\":\"a.txt\"}",
        "Edit, {\"file_path\":\"a.txt\"}",
        "NotebookEdit, {\"notebook_path\":\"a.ipynb\"}",
        "Agent, {}",
        "WebFetch, {}",
        "mcp__db__query, {}",
        "mcp__client__lookup, {}"
      })
  void toolThatActsMustBeListedIfThereIsAList(String tool, String input) {
    for (RunOptions none :
        List.of(only(PermissionMode.DEFAULT), only(PermissionMode.DEFAULT, "Read")))
      assertThat(decide(tool, input, none, true)).isEqualTo(Verdict.ASKED);
    RunOptions quiet = only(PermissionMode.DONT_ASK, "Read");
    var denial = decision(tool, input, quiet, true);
    assertThat(denial.verdict()).isEqualTo(Verdict.DENIED);
    assertThat(denial.rule()).startsWith("denied: nobody to ask");
    RunOptions listed = only(PermissionMode.DONT_ASK, tool);
    assertThat(decide(tool, input, listed, true)).isEqualTo(Verdict.ALLOWED);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Glob",
        "Grep",
        "Read",
        "Skill",
        "StructuredOutput",
        "TaskCreate",
        "TaskGet",
        "TaskList",
        "TaskOutput",
        "TaskStop",
        "TaskUpdate"
      })
  void toolThatOnlyReadsOrTakesNotesNeedNotBeListed(String tool) {
    RunOptions none = only(PermissionMode.DONT_ASK);
    assertThat(decide(tool, file("a.txt"), none, true)).isEqualTo(Verdict.ALLOWED);
    if (tool.equals("Read"))
      assertThat(decide(tool, file("/usr/share/dict"), none, true)).isEqualTo(Verdict.DENIED);
  }

  @Test
  void listPrecedesTheModeAndTheModeAUser() {
    String inside = file("/workspace/a.txt");
    RunOptions edits = only(PermissionMode.ACCEPT_EDITS);
    assertThat(decision("Write", inside, edits, true).rule()).startsWith("mode acceptEdits");
    assertThat(decide("Write", file("/tmp/a.txt"), edits, true)).isEqualTo(Verdict.ASKED);
    assertThat(decide("Bash", "{\"command\":\"ls\"}", edits, true)).isEqualTo(Verdict.ASKED);
    RunOptions listed = only(PermissionMode.ACCEPT_EDITS, "Write");
    assertThat(decision("Write", inside, listed, true).rule()).isEqualTo("allowed by Write");
    remembered = Optional.of(Decision.ALLOW);
    assertThat(decision("Write", inside, edits, true).rule()).startsWith("mode acceptEdits");
    assertThat(decision("Write", inside, only(PermissionMode.DEFAULT), true).rule())
        .isEqualTo("allowed by a user for this session");
    RunOptions bypass = only(PermissionMode.BYPASS_PERMISSIONS);
    policyResult =
        new PolicyEvaluator.PolicyResult(Optional.empty(), true, ToolGroups.BUILT_IN_ONLY);
    assertThat(decision("Agent", "{}", bypass, true).rule()).isEqualTo("mode bypassPermissions");
  }

  @Test
  void planModeAllowsNoUnlistedSubagent() {
    assertThat(decide("Agent", "{}", only(PermissionMode.PLAN), true)).isEqualTo(Verdict.ASKED);
    assertThat(decide("Agent", "{}", only(PermissionMode.PLAN, "Agent"), true))
        .isEqualTo(Verdict.ALLOWED);
    RunOptions defaults = options(PermissionMode.PLAN, List.of(), List.of());
    assertThat(decide("Agent", "{}", defaults, true)).isEqualTo(Verdict.ALLOWED);
    assertThat(decide("Bash", "{}", only(PermissionMode.PLAN, "Bash"), true))
        .isEqualTo(Verdict.DENIED);
  }

  @Test
  void emptyListAsksAboutWhatThePoliciesDoNotDecide() {
    policyResult =
        new PolicyEvaluator.PolicyResult(
            Optional.of(ToolCallAuthorizer.PermissionDecision.allowed("a policy")),
            false,
            ToolGroups.BUILT_IN_ONLY);
    assertThat(decide("Write", file("a"), only(PermissionMode.DEFAULT), true))
        .isEqualTo(Verdict.ALLOWED);
    policyResult =
        new PolicyEvaluator.PolicyResult(
            Optional.of(ToolCallAuthorizer.PermissionDecision.asked("a policy")),
            false,
            ToolGroups.BUILT_IN_ONLY);
    assertThat(decide("Write", file("a"), only(PermissionMode.DEFAULT, "Write"), true))
        .isEqualTo(Verdict.ASKED);
    assertThat(decide("Read", file("a"), only(PermissionMode.DONT_ASK), true))
        .isEqualTo(Verdict.DENIED);
  }

  private static String file(String path) {
    return "{\"file_path\":\"" + path + "\"}";
  }

  @ParameterizedTest
  @CsvSource({
    "Write, /workspace/a.txt, ALLOWED",
    "Write, a.txt, ALLOWED",
    "Edit, /workspace/../etc/passwd, ASKED",
    "Write, /tmp/a.txt, ASKED",
    "Read, /tmp/a.txt, ALLOWED",
    "Read, /usr/share/dict, ASKED",
    "Read, /proc/self/environ, DENIED",
    "Read, /dev/fd/3, DENIED",
    "Read, /home/agent/.claude/x, DENIED",
    "Read, ~/.claude/x, DENIED",
    "Read, /workspace/../proc/self/environ, DENIED",
    "Read, /home/agent/.claude/skills/review/notes.md, ALLOWED",
    "Grep, /home/agent/.claude/skills/review, ALLOWED",
    "Write, /home/agent/.claude/skills/review/notes.md, DENIED",
    "Read, /home/agent/.claude/settings.json, DENIED",
    "Read, /home/agent/.claude/skills/../settings.json, DENIED",
    "Read, /home/agent/.claude/skills-2/notes.md, DENIED",
    "Glob, /home/agent/.claude, DENIED",
    "Grep, /home/agent, DENIED"
  })
  void filesAreJudgedByTheirResolvedPaths(String tool, String path, Verdict verdict) {
    assertThat(decide(tool, file(path))).isEqualTo(verdict);
  }

  @Test
  void linksAreResolvedAsInsideTheSandbox() throws Exception {
    Path work = sessionPaths.workspace();
    Files.createSymbolicLink(work.resolve("out"), Path.of("/proc/self/environ"));
    Files.createSymbolicLink(work.resolve("in"), Path.of("/workspace/real.txt"));
    Files.createSymbolicLink(work.resolve("up"), Path.of("../../etc"));
    Files.createSymbolicLink(work.resolve("round"), Path.of("round"));
    Files.createSymbolicLink(work.resolve("twice"), Path.of("out"));
    assertThat(decide("Read", file("out"))).isEqualTo(Verdict.DENIED);
    assertThat(decide("Read", file("twice"))).isEqualTo(Verdict.DENIED);
    assertThat(decide("Edit", file("/workspace/in"))).isEqualTo(Verdict.ALLOWED);
    assertThat(decide("Edit", file("up/passwd"))).isEqualTo(Verdict.ASKED);
    assertThat(decide("Read", file("round"))).isEqualTo(Verdict.DENIED);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/proc/self/environ ",
        " /proc/self/environ",
        "/proc ",
        "/ ",
        "/run/commands\u00A0",
        "\uFEFF/run/commands",
        "~/.claude ",
        "~/.claude\u2028",
        "~"
      })
  void blanksThatTheCliTakesAwayHideNoPath(String path) {
    assertThat(decide("Grep", JSON.writeValueAsString(Map.of("path", path))))
        .isEqualTo(Verdict.DENIED);
  }

  @Test
  void nameThatNoFileCanHaveIsDenied() {
    assertThat(decide("Read", file("secret\\u0000.txt"))).isEqualTo(Verdict.DENIED);
  }

  @Test
  void toolIsGivenTheNameThatWasDecidedAbout() throws Exception {
    RunOptions options = options(PermissionMode.DEFAULT, List.of(), List.of());
    assertThat(decision("Read", file("/workspace/a.txt "), options, true).resolvedPath())
        .contains("/workspace/a.txt");
    assertThat(decision("Read", file("/workspace/a\u0308.txt"), options, true).resolvedPath())
        .contains("/workspace/\u00E4.txt");
    Files.createSymbolicLink(sessionPaths.workspace().resolve("link"), Path.of("a.txt "));
    assertThat(decide("Read", file("/workspace/link"))).isEqualTo(Verdict.DENIED);
  }

  @Test
  void toolThatFollowsNoLinksIsGivenWhatTheLinkLeadsTo() throws Exception {
    Files.createSymbolicLink(sessionPaths.workspace().resolve("CLAUDE.md"), Path.of("AGENTS.md"));
    RunOptions options = options(PermissionMode.DEFAULT, List.of(), List.of());
    String link = file("/workspace/CLAUDE.md");
    assertThat(decision("Read", link, options, true).resolvedPath())
        .contains("/workspace/AGENTS.md");
    assertThat(decision("Read", link, options, false).resolvedPath()).isEmpty();
    assertThat(decision("Read", file("/workspace/AGENTS.md"), options, true).resolvedPath())
        .isEmpty();
  }

  /** The agent can change a link after a user has allowed a call that it led to. */
  @Test
  void rememberedPermissionOfCallDoesNotCountThroughLink() throws Exception {
    Files.createSymbolicLink(sessionPaths.workspace().resolve("words"), Path.of("/usr/share/dict"));
    String link = file("/workspace/words");
    remembered = Optional.of(Decision.ALLOW);
    assertThat(decide("Read", file("/usr/share/dict"))).isEqualTo(Verdict.ALLOWED);
    assertThat(decide("Read", link)).isEqualTo(Verdict.ASKED);
    rememberedForTool = Optional.of(Decision.ALLOW);
    assertThat(decide("Read", link)).isEqualTo(Verdict.ALLOWED);
    rememberedForTool = Optional.of(Decision.DENY);
    assertThat(decide("Read", link)).isEqualTo(Verdict.DENIED);
    rememberedForTool = Optional.empty();
    remembered = Optional.of(Decision.DENY);
    assertThat(decide("Read", link)).isEqualTo(Verdict.DENIED);
  }

  @Test
  void unattendedSessionDeniesWhatWouldAsk() {
    RunOptions quiet = options(PermissionMode.DONT_ASK, List.of("WebFetch"), List.of());
    assertThat(decide("Read", file("/usr/share/dict"), quiet, true)).isEqualTo(Verdict.DENIED);
    assertThat(decide("AskUserQuestion", "{}", quiet, true)).isEqualTo(Verdict.DENIED);
    assertThat(decide("ExitPlanMode", "{}", quiet, true)).isEqualTo(Verdict.DENIED);
    assertThat(decide("WebFetch", "{}", quiet, true)).isEqualTo(Verdict.ALLOWED);
    assertThat(decide("Write", file("a.txt"), quiet, true)).isEqualTo(Verdict.ALLOWED);
    RunOptions all = options(PermissionMode.DONT_ASK, List.of("*"), List.of());
    assertThat(decide("Write", file("/etc/a"), all, true)).isEqualTo(Verdict.ALLOWED);
    assertThat(decide("AskUserQuestion", "{}", all, true)).isEqualTo(Verdict.DENIED);
    var request = ToolCallAuthorizer.PermissionDecision.asked("says a policy");
    policyResult =
        new PolicyEvaluator.PolicyResult(Optional.of(request), false, ToolGroups.BUILT_IN_ONLY);
    assertThat(decide("Write", file("a.txt"), all, true)).isEqualTo(Verdict.DENIED);
    policyResult =
        new PolicyEvaluator.PolicyResult(Optional.empty(), false, ToolGroups.BUILT_IN_ONLY);
    hooks = Optional.of(ToolCallAuthorizer.PermissionDecision.asked("says a hook"));
    assertThat(decide("Write", file("a.txt"), quiet, true)).isEqualTo(Verdict.DENIED);
  }

  @Test
  void shellCommandIsAutoAllowedOnlyInsideTheSandbox() {
    RunOptions none = options(PermissionMode.DEFAULT, List.of(), List.of());
    assertThat(decide("Bash", "{\"command\":\"ls\"}", none, true)).isEqualTo(Verdict.ALLOWED);
    assertThat(decide("Bash", "{\"command\":\"ls\"}", none, false)).isEqualTo(Verdict.ASKED);
  }

  @ParameterizedTest
  @CsvSource({
    "npm test, ALLOWED",
    "npm test -- --all, ALLOWED",
    "npm tests, ASKED",
    "npm test && ls, ASKED",
    "npm test $(ls), ASKED",
    "npm test && rm -rf x, DENIED",
    "rm -rf x, DENIED",
    "echo hi; rm -rf x, DENIED",
    "npm test && r\\m -rf x, DENIED",
    "\"'rm' -rf x\", DENIED",
    "$'\\x72m' -rf x, DENIED",
    "X=rm; $X -rf x, DENIED",
    "/bin/r? -rf x, DENIED",
    "npm test $X, ALLOWED"
  })
  void allowRuleCoversTheWholeCommandAndDenyRuleAnyPart(String command, Verdict verdict) {
    RunOptions rules =
        options(PermissionMode.DEFAULT, List.of("Bash(npm test:*)"), List.of("Bash(rm:*)"));
    String input = JSON.createObjectNode().put("command", command).toString();
    assertThat(decide("Bash", input, rules, false)).isEqualTo(verdict);
  }

  @Test
  void denyBeatsEverythingIncludingTheMode() {
    RunOptions rules =
        options(PermissionMode.BYPASS_PERMISSIONS, List.of(), List.of("Edit(secret/**)"));
    policyResult =
        new PolicyEvaluator.PolicyResult(Optional.empty(), true, ToolGroups.BUILT_IN_ONLY);
    assertThat(decide("Write", file("secret/a"), rules, true)).isEqualTo(Verdict.DENIED);
    assertThat(decide("Write", file("/etc/a"), rules, true)).isEqualTo(Verdict.ALLOWED);
    assertThat(decide("Read", file("/proc/1/environ"), rules, true)).isEqualTo(Verdict.DENIED);
  }

  @Test
  void rememberedDecisionOverridesTheModeButNotAPolicy() {
    RunOptions none = options(PermissionMode.DEFAULT, List.of(), List.of());
    remembered = Optional.of(Decision.ALLOW);
    assertThat(decide("Write", file("/etc/a"), none, true)).isEqualTo(Verdict.ALLOWED);
    assertThat(decide("Read", file("/proc/1/maps"), none, true)).isEqualTo(Verdict.DENIED);
    policyResult =
        new PolicyEvaluator.PolicyResult(
            Optional.of(ToolCallAuthorizer.PermissionDecision.asked("a rule")),
            false,
            ToolGroups.BUILT_IN_ONLY);
    assertThat(decide("Write", file("/etc/a"), none, true)).isEqualTo(Verdict.ASKED);
    remembered = Optional.of(Decision.DENY);
    policyResult =
        new PolicyEvaluator.PolicyResult(
            Optional.of(ToolCallAuthorizer.PermissionDecision.allowed("a rule")),
            true,
            ToolGroups.BUILT_IN_ONLY);
    assertThat(decide("Write", file("a"), none, true)).isEqualTo(Verdict.DENIED);
  }

  @ParameterizedTest
  @CsvSource({
    "DENIED, ALLOWED, DENIED",
    "ALLOWED, DENIED, DENIED",
    "ASKED, ALLOWED, ASKED",
    "ALLOWED, ASKED, ASKED",
    "ASKED, DENIED, DENIED",
    "ALLOWED, ALLOWED, ALLOWED"
  })
  void stricterOfPolicyAndHookWins(Verdict policy, Verdict hook, Verdict verdict) {
    RunOptions none = options(PermissionMode.DEFAULT, List.of(), List.of());
    policyResult =
        new PolicyEvaluator.PolicyResult(
            Optional.of(new ToolCallAuthorizer.PermissionDecision(policy, "a rule")),
            false,
            ToolGroups.BUILT_IN_ONLY);
    hooks = Optional.of(new ToolCallAuthorizer.PermissionDecision(hook, "a hook"));
    assertThat(decide("Bash", "{\"command\":\"ls\"}", none, true)).isEqualTo(verdict);
  }

  @Test
  void groupMatchesItsToolsAndADeletedGroupAllowsNothing() {
    RunOptions readers = options(PermissionMode.DEFAULT, List.of("@read"), List.of("@web"));
    assertThat(decide("Read", file("/etc/a"), readers, true)).isEqualTo(Verdict.ALLOWED);
    assertThat(decide("Write", file("/etc/a"), readers, true)).isEqualTo(Verdict.ASKED);
    assertThat(decide("WebFetch", "{}", readers, true)).isEqualTo(Verdict.DENIED);
    RunOptions gone = options(PermissionMode.DEFAULT, List.of("@gone"), List.of());
    assertThat(decide("WebFetch", "{}", gone, true)).isEqualTo(Verdict.ASKED);
    RunOptions closed = options(PermissionMode.DEFAULT, List.of(), List.of("@gone"));
    assertThat(decide("Read", file("a"), closed, true)).isEqualTo(Verdict.DENIED);
  }

  @Test
  void bypassModeRequiresAPolicy() {
    RunOptions bypass = options(PermissionMode.BYPASS_PERMISSIONS, List.of(), List.of());
    assertThat(decide("Write", file("/etc/a"), bypass, true)).isEqualTo(Verdict.ASKED);
    policyResult =
        new PolicyEvaluator.PolicyResult(Optional.empty(), true, ToolGroups.BUILT_IN_ONLY);
    assertThat(decide("Write", file("/etc/a"), bypass, true)).isEqualTo(Verdict.ALLOWED);
    policyResult =
        new PolicyEvaluator.PolicyResult(
            Optional.of(ToolCallAuthorizer.PermissionDecision.asked("a rule")),
            true,
            ToolGroups.BUILT_IN_ONLY);
    assertThat(decide("Write", file("/etc/a"), bypass, true)).isEqualTo(Verdict.ASKED);
  }

  @Test
  void policyPrecedesTheModeButAllowsNoChangeInPlanMode() {
    RunOptions none = options(PermissionMode.DEFAULT, List.of(), List.of());
    RunOptions plan = options(PermissionMode.PLAN, List.of(), List.of());
    policyResult =
        new PolicyEvaluator.PolicyResult(
            Optional.of(ToolCallAuthorizer.PermissionDecision.allowed("a rule")),
            false,
            ToolGroups.BUILT_IN_ONLY);
    assertThat(decide("Write", file("/etc/a"), none, true)).isEqualTo(Verdict.ALLOWED);
    assertThat(decide("Write", file("a"), plan, true)).isEqualTo(Verdict.DENIED);
    assertThat(decide("ExitPlanMode", "{}", plan, true)).isEqualTo(Verdict.ASKED);
    assertThat(decide("Read", file("/proc/1/maps"), none, true)).isEqualTo(Verdict.DENIED);
    policyResult =
        new PolicyEvaluator.PolicyResult(
            Optional.of(ToolCallAuthorizer.PermissionDecision.asked("a rule")),
            false,
            ToolGroups.BUILT_IN_ONLY);
    assertThat(decide("Read", file("a"), plan, true)).isEqualTo(Verdict.ASKED);
    policyResult =
        new PolicyEvaluator.PolicyResult(
            Optional.of(ToolCallAuthorizer.PermissionDecision.denied("a rule")),
            false,
            ToolGroups.BUILT_IN_ONLY);
    assertThat(decide("Read", file("a"), none, true)).isEqualTo(Verdict.DENIED);
    assertThat(decide("AskUserQuestion", "{}", none, true)).isEqualTo(Verdict.DENIED);
  }

  @Test
  void planModeChangesNothingUntilAUserApproves() {
    RunOptions plan = options(PermissionMode.PLAN, List.of("Write"), List.of());
    assertThat(decide("Write", file("a"), plan, true)).isEqualTo(Verdict.DENIED);
    assertThat(decide("Bash", "{\"command\":\"ls\"}", plan, true)).isEqualTo(Verdict.DENIED);
    assertThat(decide("Read", file("a"), plan, true)).isEqualTo(Verdict.ALLOWED);
    assertThat(decide("ExitPlanMode", "{}", plan, true)).isEqualTo(Verdict.ASKED);
    assertThat(decide("Write", file(".claude/plans/a.md"), plan, true)).isEqualTo(Verdict.ALLOWED);
    assertThat(decide("Write", file(".claude/plans/../x"), plan, true)).isEqualTo(Verdict.DENIED);
  }

  @ParameterizedTest
  @CsvSource({
    "WebFetch(domain:example.com), https://example.com/x, true",
    "WebFetch(domain:example.com), http://EXAMPLE.com.:8080/x, true",
    "WebFetch(domain:example.com), https://a.example.com/, false",
    "WebFetch(domain:example.com), https://example.com.evil.test/, false",
    "WebFetch(domain:example.com), https://evil.test/?https://example.com/, false",
    "WebFetch(domain:*.example.com), https://a.b.example.com/, true",
    "WebFetch(domain:*.example.com), https://example.com/, false",
    "WebFetch(domain:example.com), https://user@example.com/, false",
    "WebFetch(domain:example.com), https:example.com, false"
  })
  void fetchRuleNamesTheHostOfTheUrl(String rule, String url, boolean matches) {
    String input = "{\"url\":\"" + url + "\",\"prompt\":\"see https://other.test\"}";
    assertThat(decide("WebFetch", input, only(PermissionMode.DEFAULT, rule), true))
        .isEqualTo(matches ? Verdict.ALLOWED : Verdict.ASKED);
    var denying = options(PermissionMode.DEFAULT, List.of("WebFetch"), List.of(rule));
    assertThat(decide("WebFetch", input, denying, true))
        .isEqualTo(matches ? Verdict.DENIED : Verdict.ALLOWED);
  }

  @ParameterizedTest
  @CsvSource({"mcp__db__query, ALLOWED", "mcp__dbx__query, ASKED", "WebFetch, ASKED"})
  void serverNameAllowsAllItsTools(String tool, Verdict verdict) {
    RunOptions rules = options(PermissionMode.DEFAULT, List.of("mcp__db"), List.of());
    assertThat(decide(tool, "{}", rules, true)).isEqualTo(verdict);
  }

  @ParameterizedTest
  @CsvSource({
    "DEFAULT, mcp__agentledger__get_session, ALLOWED",
    "DEFAULT, mcp__agentledger__open_session, ASKED",
    "DEFAULT, mcp__agentledger__getaway, ASKED",
    "BYPASS_PERMISSIONS, mcp__agentledger__update_agent, ASKED",
    "BYPASS_PERMISSIONS, mcp__agentledger__submit_query, ASKED",
    "DONT_ASK, mcp__agentledger__open_session, DENIED",
    "PLAN, mcp__agentledger__open_session, DENIED"
  })
  void agentChangesThePlatformWithAUsersApprovalOnly(
      PermissionMode mode, String tool, Verdict verdict) {
    RunOptions rules = options(mode, List.of("mcp__agentledger"), List.of());
    assertThat(decide(tool, "{}", rules, true)).isEqualTo(verdict);
  }

  @ParameterizedTest
  @EnumSource(PermissionMode.class)
  void agentOfAChatAsksForPeopleWithoutApprovalUnlessARuleDenies(PermissionMode mode) {
    RunOptions listed = options(mode, List.of("Read"), List.of());
    assertThat(decide(PlatformServer.ESCALATE, "{}", listed, true)).isEqualTo(Verdict.ALLOWED);
    RunOptions denying = options(mode, List.of(), List.of(PlatformServer.ESCALATE));
    assertThat(decide(PlatformServer.ESCALATE, "{}", denying, true)).isEqualTo(Verdict.DENIED);
  }
}
