package io.agentledger.command.claude.runner;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.agentledger.api.permission.Effect;
import io.agentledger.api.permission.PolicyCommand.ArchivePolicy;
import io.agentledger.api.permission.PolicyCommand.CreatePolicy;
import io.agentledger.api.permission.PolicyDefinition;
import io.agentledger.api.permission.PolicyId;
import io.agentledger.api.permission.PolicyRule;
import io.agentledger.api.permission.PolicyRule.Use;
import io.agentledger.api.permission.PolicyScope;
import io.agentledger.api.session.AgentOverrides;
import io.agentledger.api.session.SessionDirectory;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.SessionOrigin;
import io.agentledger.api.session.event.OutputEvent.ToolCalled;
import io.agentledger.api.session.event.OutputEvent.Verdict;
import io.agentledger.api.session.event.RunEvent.RunCompleted;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/**
 * Path rules apply to shell commands, whatever they try. The real CLI executes them in the real
 * sandbox for a scripted model.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PathRulesIT extends EscapeTestSupport {
  static final List<PathAttack> ATTACKS = PathAttack.ALL;

  private final Map<PathAttack, String> came = new HashMap<>();

  @BeforeAll
  void runEveryAttack() throws IOException {
    startReport();
    agent = openSession(BYPASS);
    PathAttack.createFiles(files(agent).workspace());
    files(agent).chownWorkspace();
    rule(agent, hiddenRule(PathAttack.HIDDEN), readOnlyRule(PathAttack.READ_ONLY_FILES));
    for (int i = 0; i < ATTACKS.size(); i++) {
      writeWorkspaceFile("tries/" + i + ".sh", ATTACKS.get(i).script());
    }
    var called =
        calls(
            agent,
            IntStream.range(0, ATTACKS.size())
                .mapToObj(i -> Call.bash("timeout 20 bash tries/" + i + ".sh 2>&1 || true"))
                .toList());
    for (int i = 0; i < ATTACKS.size(); i++) {
      assertThat(called.get(i).verdict()).isEqualTo(Verdict.ALLOWED);
      came.put(ATTACKS.get(i), output(called.get(i)));
    }
  }

  @AfterAll
  void stopHelpers() throws IOException {
    stop();
  }

  private static PolicyRule rule(String name, Effect effect, Use use, List<String> paths) {
    return new PolicyRule(
        name, effect, 0, List.of(), paths, use, List.of(), List.of(), "not for you");
  }

  private static PolicyRule hiddenRule(List<String> paths) {
    return rule("hidden", Effect.DENY, Use.ANY, paths);
  }

  private static PolicyRule readOnlyRule(List<String> paths) {
    return rule("kept", Effect.DENY, Use.WRITE, paths);
  }

  private PolicyId rule(SessionId sessionId, PolicyRule... rules) {
    PolicyId id = PolicyId.next();
    var definition = new PolicyDefinition(true, false, List.of(rules));
    send(new CreatePolicy(id, new PolicyScope.Session(sessionId), "paths", definition, null));
    return id;
  }

  private SessionId openSessionWithMounts(String... folders) {
    var directory =
        Stream.of(folders).map(name -> new SessionDirectory(name, null, name.equals("out")));
    open(BYPASS, AgentOverrides.NONE, new SessionOrigin.Fresh(), directory.toList());
    sessions.add(session);
    return session;
  }

  private List<ToolCalled> calls(SessionId sessionId, List<Call> calls) {
    var called = act(sessionId, calls);
    assertThat(called).hasSize(calls.size());
    return called;
  }

  private String bashOutput(SessionId sessionId, String command) {
    return output(calls(sessionId, List.of(Call.bash(command))).getFirst());
  }

  @ParameterizedTest(name = "a command that {0} comes away with nothing")
  @FieldSource("ATTACKS")
  void attackByACommandFails(PathAttack attack) throws IOException {
    Path path = runDirectory.root().resolve("scratch/" + ATTACKS.indexOf(attack));
    PathAttack.createFiles(path);
    String control = runOutsideSandbox("cd '" + path + "'; " + attack.script());
    assertThat(control).as("without rules it works").containsPattern(attack.won());
    report.add(attack.sentence(), attack.script(), came.get(attack), control, "mounts by rules");
    assertThat(came.get(attack)).isNotEmpty().doesNotContainPattern(attack.won());
  }

  @Test
  void siblingsOfADeniedPathAreUnchanged() throws IOException {
    assertThat(
            bashOutput(
                agent,
                "cat deep/er/beside.txt kept/k.txt single.txt lista/free && echo new >deep/er/new"
                    + " && mkdir -p deep/free absent/other && mv deep/free deep/er/moved"
                    + " && rm -r deep/er/moved && cat deep/er/new"))
        .contains("beside", "kept", "single", "free", "new");
    assertThat(workspaceFile("secrets/key")).contains(PathAttack.TREASURE);
    assertThat(workspaceFile("kept/k.txt")).isEqualTo("kept\n");
    assertThat(workspaceFile("single.txt")).isEqualTo("single\n");
    assertThat(files(agent).workspace().resolve("absent/inner")).isEmptyDirectory();
  }

  @Test
  void oneRuleCoversCommandsAndFileToolsAndBothDenialsAreRecorded() throws IOException {
    SessionId guest = openSession(BYPASS);
    writeWorkspaceFile("secrets/key", PathAttack.TREASURE);
    files(guest).chownWorkspace();
    rule(guest, hiddenRule(List.of("secrets/**")));
    var called =
        calls(
            guest,
            List.of(
                Call.bash("cat secrets/key"),
                new Call("Read", Map.of("file_path", "/workspace/secrets/key"))));
    assertThat(called.getFirst().verdict()).isEqualTo(Verdict.ALLOWED);
    assertThat(output(called.getFirst())).contains("Permission denied");
    assertThat(called.getLast().verdict()).isEqualTo(Verdict.DENIED);
    assertThat(called.getLast().rule()).endsWith("rule hidden: not for you");
  }

  @Test
  void ruleChangesDuringARunApplyToTheNextCommand() throws IOException {
    SessionId guest = openSession(BYPASS);
    writeWorkspaceFile("plain/key", PathAttack.TREASURE);
    files(guest).chownWorkspace();
    String wait =
        "; cd plain; touch ../at; until [ -e ../go ]; do sleep 0.05; done; rm ../go ../at";
    int before = events(RunCompleted.class).size();
    submitQuery(
        script(
            List.of(
                Call.bash("cat plain/key" + wait),
                Call.bash(
                    "pwd; cat plain/key key; [ -e at ]"
                        + wait.replace("cd plain", "true").replace("../", "")),
                Call.bash("cat plain/key"))));
    awaitFile(guest, "at");
    PolicyId policy = rule(guest, hiddenRule(List.of("plain/**")));
    writeWorkspaceFile("go", "");
    awaitEvents(ToolCalled.class, 2);
    awaitFile(guest, "at");
    send(new ArchivePolicy(policy));
    writeWorkspaceFile("go", "");
    awaitEvents(RunCompleted.class, before + 1);
    var lines = events(ToolCalled.class).stream().map(this::output).toList();
    assertThat(lines.get(0)).contains(PathAttack.TREASURE);
    assertThat(lines.get(1))
        .doesNotContain(PathAttack.TREASURE)
        .contains(
            "/workspace/plain is denied by a policy rule; the working directory is now /workspace.")
        .contains("Permission denied");
    assertThat(lines.get(2)).contains(PathAttack.TREASURE);
  }

  private void awaitFile(SessionId sessionId, String name) throws IOException {
    Path file = files(sessionId).workspace().resolve(name);
    await().atMost(60, SECONDS).until(() -> Files.exists(file));
  }

  @Tag("exhaustive")
  @Test
  void linkOnADeniedPathStopsTheCommand() {
    SessionId guest = openSession(BYPASS);
    bashOutput(guest, "mkdir real; ln -s real link; ln -s nowhere dangling");
    for (String path : List.of("link", "link/**", "link/below/**", "dangling")) {
      PolicyId policy = rule(guest, hiddenRule(List.of(path)));
      assertThat(bashOutput(guest, "echo RAN"))
          .contains("is restricted by a policy rule and is a link")
          .doesNotContain("RAN");
      send(new ArchivePolicy(policy));
      assertThat(bashOutput(guest, "echo RAN")).contains("RAN");
    }
  }

  @Tag("exhaustive")
  @Test
  void concurrentCommandsAreRestrictedWhileAnotherRenamesFiles() throws IOException {
    SessionId guest = openSession(BYPASS);
    writeWorkspaceFile("a/b/key", PathAttack.TREASURE);
    files(guest).chownWorkspace();
    rule(guest, hiddenRule(List.of("a/b/key", "new/er/place/**")));
    String renames =
        "perl -e '$x = \"x\"; mkdir $x; @all = qw(a a/b a/b/key new new/er new/er/place);"
            + " until (-e \"stop\") { for (@all) { rename($_, \"y\") && print \"RENAMED $_\\n\";"
            + " syscall("
            + PathAttack.renameat2()
            + ", -100, $_, -100, $x, 2) == 0 && print \"EXCHANGED $_\\n\";"
            + " unlink $_; rmdir $_; symlink \"/tmp\", $_ } $n++ }"
            + " print $n > 100 ? \"often\\n\" : \"seldom\\n\"' >renamed 2>&1";
    String looks =
        "(cat a/b/key y/key y/b/key; mkdir -p new/er/place/x && echo MADE; echo looked) 2>&1";
    List<Call> all = new ArrayList<>(List.of(inBackground(renames)));
    IntStream.range(0, 6).forEach(i -> all.add(inBackground(looks + " >looked-" + i)));
    IntStream.range(0, 6).forEach(i -> all.add(Call.bash(looks + "; echo " + i)));
    all.add(
        Call.bash(
            "until [ \"$(cat looked-* | grep -c looked)\" = 6 ]; do sleep 0.05; done; touch stop;"
                + " until grep n renamed; do sleep 0.05; done; cat renamed looked-*"));
    var lines = calls(guest, all).stream().map(this::output).toList();
    assertThat(lines.subList(7, 13)).allSatisfy(one -> assertThat(one).contains("looked"));
    assertThat(lines.getLast()).contains("often");
    assertThat(lines)
        .allSatisfy(
            one ->
                assertThat(one)
                    .doesNotContain(PathAttack.TREASURE, "MADE", "RENAMED", "EXCHANGED"));
  }

  private static Call inBackground(String command) {
    return new Call(
        "Bash", Map.of("command", command, "description", "Try", "run_in_background", true));
  }

  @Test
  void searchWithoutAPathIsDoneWhereItWasDecided() throws IOException {
    SessionId guest = sharedGuest();
    writeWorkspaceFile("in/decided.txt", PathAttack.TREASURE);
    writeWorkspaceFile("elsewhere/in/other.txt", PathAttack.TREASURE);
    files(guest).chownWorkspace();
    var called =
        calls(
            guest,
            List.of(
                Call.bash("cd elsewhere"),
                new Call("Glob", Map.of("pattern", "in/*")),
                new Call("Grep", Map.of("pattern", PathAttack.TREASURE)),
                Call.bash("pwd; cd /workspace")));
    assertThat(output(called.get(1))).contains("decided.txt").doesNotContain("other.txt");
    assertThat(output(called.get(2))).contains("decided.txt", "other.txt");
    assertThat(output(called.get(3))).contains("/workspace/elsewhere");
    assertThat(called.subList(1, 3))
        .extracting(
            call -> sealer.open(session, ToolCalled.class, "resolvedPath", call.resolvedPath()))
        .containsExactly("/workspace/in", "/workspace");
  }

  @Test
  void hostDirectoryIsDeniedByItsSandboxPath() throws IOException {
    HOST_DIRECTORIES.writeFile("libs/private/key", PathAttack.TREASURE);
    HOST_DIRECTORIES.writeFile("libs/open.txt", "open");
    HOST_DIRECTORIES.writeFile("out/kept.txt", "kept");
    HOST_DIRECTORIES.writeFile("shut/key", PathAttack.TREASURE);
    SessionId guest = openSessionWithMounts("libs", "out", "shut");
    rule(
        guest,
        hiddenRule(
            List.of(
                "/mnt/libs/private/**",
                "/mnt/libs/none/**",
                "/mnt/other/**",
                "/mnt/shut/**",
                "/etc/ssl/**")),
        readOnlyRule(List.of("/mnt/out/kept.txt", "/mnt/libs/**")));
    assertThat(
            bashOutput(
                guest,
                "cat /mnt/libs/open.txt /mnt/libs/private/key; ls /etc/ssl; ls /mnt;"
                    + " echo x >/mnt/out/kept.txt || echo kept; touch /mnt/out/new && echo new"))
        .contains("open", "/mnt/libs/private/key: Permission denied", "kept", "new")
        .contains("'/etc/ssl': Permission denied")
        .doesNotContain(PathAttack.TREASURE, "other");
    Path root = Path.of("/proc", Long.toString(cliOf(guest)), "root"); // Root directory of the CLI.
    for (String mounts : List.of("mnt", "run/commands/mnt")) {
      assertThat(root.resolve(mounts)).isDirectoryContaining("glob:**/shut");
      assertThat(Files.exists(root.resolve(mounts + "/shut/key"))).isFalse();
      assertThat(root.resolve(mounts + "/out/kept.txt")).hasContent("kept");
    }
  }

  @Test
  void ruleThatDeniesTheWorkspaceOrTooManyPathsRunsNoCommand() {
    SessionId guest = openSession(BYPASS);
    PolicyId all = rule(guest, hiddenRule(List.of("**")));
    assertThat(bashOutput(guest, "echo RAN"))
        .contains("denies the workspace")
        .doesNotContain("RAN");
    send(new ArchivePolicy(all));
    var rules = new ArrayList<PolicyRule>();
    for (int i = 0; i < 6; i++) {
      int of = i;
      var paths = IntStream.range(0, 43).mapToObj(n -> "f" + of + "-" + n).toList();
      rules.add(rule("r" + i, Effect.ASK, Use.ANY, paths));
    }
    rule(guest, rules.toArray(PolicyRule[]::new));
    var call = calls(guest, List.of(Call.bash("echo RAN"))).getFirst();
    assertThat(call.verdict()).isEqualTo(Verdict.DENIED);
    assertThat(call.rule()).contains("deny more than 256 paths to shell commands");
  }

  @Test
  void noCommandRunsWithoutTheServicesRuleFile() throws IOException {
    SessionId guest = openSession(BYPASS);
    var line =
        sandbox.command(
            files(guest), "ruled-" + nonce, List.of("/opt/agentledger/shell-sandbox", "echo RAN"));
    assertThat(runInBox(line)).contains("RAN");
    Path rules = files(guest).sockets().resolve("rules");
    Files.writeString(rules, "open\t/workspace/x\t/workspace/x\n");
    assertThat(runInBox(line)).contains("unknown rule \"open\"").doesNotContain("RAN");
    Files.delete(rules);
    assertThat(runInBox(line)).contains("its rules cannot be read").doesNotContain("RAN");
  }

  @Test
  void unexpectedMountStopsTheStart() throws IOException {
    SessionId guest = openSession(BYPASS);
    assertThat(bashDenied(guest, "/etc hide\n/usr/lib protect\n")).contains("RAN");
    for (String other :
        List.of("/workspace hide", "/works pin", "/workspace/a pin", "/etc/ssl hide", "/etc pin")) {
      assertThat(bashDenied(guest, "/etc hide\n" + other + "\n"))
          .contains(
              other.split(" ")[0] + " is restricted by a policy rule and was changed meanwhile")
          .doesNotContain("RAN");
    }
  }

  private String bashDenied(SessionId sessionId, String lines) throws IOException {
    List<String> check =
        List.of(
            "/run/commands/bin/bash",
            "/opt/agentledger/check-mounts",
            lines,
            "/run/commands/bin/echo",
            "RAN");
    return runInBox(sandbox.command(files(sessionId), "held-" + nonce, check));
  }
}
