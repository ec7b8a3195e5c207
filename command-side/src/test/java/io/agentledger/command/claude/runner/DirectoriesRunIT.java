package io.agentledger.command.claude.runner;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentledger.api.environment.EnvironmentCommand.CreateEnvironment;
import io.agentledger.api.environment.EnvironmentDefinition;
import io.agentledger.api.environment.EnvironmentId;
import io.agentledger.api.environment.EnvironmentNotes;
import io.agentledger.api.environment.EnvironmentSnapshot.Limits;
import io.agentledger.api.environment.EnvironmentSnapshot.Mount;
import io.agentledger.api.environment.EnvironmentSnapshot.Network;
import io.agentledger.api.permission.Effect;
import io.agentledger.api.permission.PolicyCommand.CreatePolicy;
import io.agentledger.api.permission.PolicyDefinition;
import io.agentledger.api.permission.PolicyId;
import io.agentledger.api.permission.PolicyRule;
import io.agentledger.api.permission.PolicyScope;
import io.agentledger.api.session.AgentOverrides;
import io.agentledger.api.session.AgentSetup;
import io.agentledger.api.session.AgentSetup.SettingSource;
import io.agentledger.api.session.RunOverrides;
import io.agentledger.api.session.SessionDirectory;
import io.agentledger.api.session.SessionOrigin;
import io.agentledger.api.session.command.Input;
import io.agentledger.api.session.event.CheckpointEvent.CheckpointTaken;
import io.agentledger.api.session.event.OutputEvent.RunInitialized;
import io.agentledger.api.session.event.OutputEvent.ToolCalled;
import io.agentledger.api.session.event.OutputEvent.ToolReturned;
import io.agentledger.api.session.event.OutputEvent.Verdict;
import io.agentledger.api.session.event.RunEvent.Failure;
import io.agentledger.api.session.event.RunEvent.RunCompleted;
import io.agentledger.api.session.event.RunEvent.RunFailed;
import io.agentledger.api.workspace.HostDirectories;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.json.JsonMapper;

/** Folders of the host beside the workspace, through the real CLI in its box. */
class DirectoriesRunIT extends RunnerTestSupport {
  private static final JsonMapper JSON = new JsonMapper();
  private static final SessionDirectory LIBS = new SessionDirectory("libs", null, false);
  private static final SessionDirectory OUT = new SessionDirectory("out", null, true);

  @Autowired HostDirectories directories;

  @BeforeEach
  void furnish() throws IOException {
    BESIDE.put("libs/a.txt", "content of a");
  }

  private void open(SessionDirectory... beside) {
    open(RunOverrides.NONE, AgentOverrides.NONE, new SessionOrigin.Fresh(), List.of(beside));
  }

  private record Call(String tool, Map<String, ?> input) {
    static Call bash(String command) {
      return new Call("Bash", Map.of("command", command, "description", "do it"));
    }

    static Call read(String path) {
      return new Call("Read", Map.of("file_path", path));
    }

    static Call write(String path) {
      return new Call("Write", Map.of("file_path", path, "content", "written"));
    }
  }

  /** Has the agent make the calls, one after the other, and waits for its run's end. */
  private List<ToolCalled> act(Call... calls) {
    var steps = new java.util.ArrayList<Map<String, Object>>();
    for (var call : calls) steps.add(Map.of("calls", List.of(call)));
    steps.add(Map.of("say", "That was all."));
    int runs = facts(RunCompleted.class).size();
    int before = facts(ToolCalled.class).size();
    ask("Please:\n```rehearsal\n" + JSON.writeValueAsString(steps) + "\n```\n");
    awaitFacts(RunCompleted.class, runs + 1);
    var called = facts(ToolCalled.class);
    return called.subList(before, called.size());
  }

  private String output(ToolCalled call) {
    return facts(ToolReturned.class).stream()
        .filter(back -> back.toolCallId().equals(call.toolCallId()))
        .map(back -> sealer.open(session, ToolReturned.class, "output", back.output()))
        .findFirst()
        .orElse("");
  }

  @Test
  void aDirectoryIsReadByToolsAndCommandsAndWrittenByNeither() {
    open(LIBS);
    var calls =
        act(
            Call.read("/mnt/libs/a.txt"),
            Call.bash(
                "cat /mnt/libs/a.txt; mount -o remount,rw,bind /mnt/libs;"
                    + " touch /mnt/libs/b.txt || echo not written"),
            Call.write("/mnt/libs/c.txt"));
    assertThat(calls)
        .extracting(ToolCalled::verdict)
        .containsExactly(Verdict.ALLOWED, Verdict.ALLOWED, Verdict.DENIED);
    assertThat(output(calls.get(0))).contains("content of a");
    assertThat(output(calls.get(1))).contains("content of a", "not written");
    assertThat(calls.get(2).rule()).contains("read-only");
    assertThat(BESIDE.of("libs")).isDirectoryNotContaining("glob:**/{b,c}.txt");
  }

  @Test
  void whereTheOperatorLetsAgentsWriteTheyWriteOnTheHost() throws IOException {
    open(LIBS, OUT);
    act(Call.write("/mnt/out/w.txt"), Call.bash("cp /mnt/libs/a.txt /mnt/out/copy.txt"));
    assertThat(Files.readString(BESIDE.of("out/w.txt"))).isEqualTo("written");
    assertThat(Files.readString(BESIDE.of("out/copy.txt"))).isEqualTo("content of a");
  }

  /** Under other names, and writable only where the operator and the environment both say so. */
  @Test
  void theMountsOfAnEnvironmentAreReadAndWrittenAsItSays() throws IOException {
    var mounts =
        List.of(
            new Mount("libs", "/mnt/data", false),
            new Mount("out", "/mnt/results", true),
            new Mount("out", "/mnt/archive", false));
    var none = new Limits(0, 0, 0);
    var definition = new EnvironmentDefinition(new Network.Closed(), none, List.of(), mounts);
    environment = EnvironmentId.next();
    send(new CreateEnvironment(environment, "mounts", definition, EnvironmentNotes.NONE, null));
    open();
    var calls =
        act(
            Call.read("/mnt/data/a.txt"),
            Call.write("/mnt/data/m.txt"),
            Call.write("/mnt/archive/m.txt"),
            Call.write("/mnt/results/m.txt"),
            Call.bash(
                "cat /mnt/archive/m.txt; for each in data archive results; do"
                    + " touch /mnt/$each/by-command || echo not in $each; done; ls /mnt"));
    assertThat(calls)
        .extracting(ToolCalled::verdict)
        .containsExactly(
            Verdict.ALLOWED, Verdict.DENIED, Verdict.DENIED, Verdict.ALLOWED, Verdict.ALLOWED);
    assertThat(output(calls.getFirst())).contains("content of a");
    assertThat(calls.subList(1, 3)).allMatch(call -> call.rule().contains("read-only"));
    assertThat(output(calls.getLast()))
        .contains("written", "not in data", "not in archive")
        .doesNotContain("not in results", "libs", "out\n");
    assertThat(Files.readString(BESIDE.of("out/m.txt"))).isEqualTo("written");
    assertThat(BESIDE.of("out/by-command")).exists();
    assertThat(BESIDE.of("libs")).isDirectoryNotContaining("glob:**/{m.txt,by-command}");
  }

  @Test
  void whatIsAddedAndTakenBackCountsFromTheNextQueryOn() {
    open();
    var look = Call.bash("cat /mnt/libs/a.txt || echo nothing there");
    assertThat(output(act(look).getFirst())).contains("nothing there");
    say(new Input.AddDirectories(List.of(LIBS)));
    assertThat(output(act(look).getFirst())).contains("content of a");
    say(new Input.RemoveDirectories(List.of("libs")));
    assertThat(output(act(look).getFirst())).contains("nothing there");
  }

  @Test
  void aBranchSeesWhatItsSessionWasGiven() {
    open(LIBS);
    act(Call.read("/mnt/libs/a.txt"));
    awaitFact(CheckpointTaken.class); // A branch begins with what was kept.
    open(new SessionOrigin.Forked(session, facts().size()));
    assertThat(output(act(Call.read("/mnt/libs/a.txt")).getFirst())).contains("content of a");
  }

  @Test
  void theLocalOwnersOwnFolderIsSeenByItsName() throws IOException {
    BESIDE.put("My Notes/n.txt", "a note");
    var wish = List.of(BESIDE.of("My Notes").toString());
    var chosen = directories.choose(wish, true).toCompletableFuture().join();
    open(chosen.toArray(SessionDirectory[]::new));
    assertThat(output(act(Call.read("/mnt/my-notes/n.txt")).getFirst())).contains("a note");
  }

  @Test
  void linksInADirectoryLeadNowhereThatTheBoxDoesNotHave() throws IOException {
    Path secret = BESIDE.put("elsewhere/secret.txt", "a secret");
    Path link = BESIDE.of("libs").resolve("way-out");
    Files.deleteIfExists(link);
    Files.createSymbolicLink(link, secret);
    Path root = BESIDE.of("libs").resolve("to-proc");
    Files.deleteIfExists(root);
    Files.createSymbolicLink(root, Path.of("/proc/self/environ"));
    open(LIBS);
    var calls =
        act(
            Call.bash("cat /mnt/libs/way-out; cat /mnt/libs/../../" + secret),
            Call.read("/mnt/libs/to-proc"));
    assertThat(output(calls.get(0))).doesNotContain("a secret");
    assertThat(calls.get(1).verdict()).isIn(Verdict.DENIED, Verdict.REFUSED);
  }

  /** By its name in the box, however the agent names it, links included. */
  @Test
  void aPathRuleOfAPolicyCountsThere() throws IOException {
    BESIDE.put("libs/secrets/key.txt", "a key");
    Path link = BESIDE.of("libs").resolve("innocent");
    Files.deleteIfExists(link);
    Files.createSymbolicLink(link, Path.of("secrets/key.txt"));
    var rule =
        new PolicyRule(
            "no-secrets",
            Effect.DENY,
            0,
            List.of(),
            List.of("/mnt/libs/secrets/**"),
            PolicyRule.Use.ANY,
            List.of(),
            List.of(),
            "");
    open(LIBS);
    var definition = new PolicyDefinition(true, false, List.of(rule));
    send(
        new CreatePolicy(
            PolicyId.next(), new PolicyScope.Session(session), "no secrets", definition, null));
    var calls =
        act(
            Call.read("/mnt/libs/secrets/key.txt"),
            Call.read("/mnt/libs/innocent"),
            Call.read("/mnt/libs/a.txt"));
    assertThat(calls)
        .extracting(ToolCalled::verdict)
        .containsExactly(Verdict.DENIED, Verdict.DENIED, Verdict.ALLOWED);
    assertThat(calls.get(1).rule()).contains("no-secrets");
  }

  @Test
  void aFolderThatIsSwappedForALinkIsNotShown() throws IOException {
    Path secret = BESIDE.put("hidden/secret.txt", "a secret");
    Path mine = BESIDE.put("mine/a.txt", "mine").getParent();
    var chosen = directories.choose(List.of(mine.toString()), true).toCompletableFuture().join();
    Files.move(mine, BESIDE.of("moved"));
    Files.createSymbolicLink(mine, secret.getParent());
    open(chosen.toArray(SessionDirectory[]::new));
    ask("scenario: text");
    var failed = awaitFact(RunFailed.class);
    assertThat(failed.failure()).isEqualTo(Failure.SETUP);
    assertThat(failed.retrying()).isFalse();
    assertThat(sealer.open(session, RunFailed.class, "error", failed.error()))
        .contains("mine", "leads elsewhere");
    say(new Input.RemoveDirectories(List.of("mine")));
    act(Call.bash("true"));
  }

  /** With and without the workspace's own memory and skills, which come another way. */
  @Test
  void whatADirectoryHasPreparedForTheCliStartsNothing() throws IOException {
    HostileDirectory.into(BESIDE, "libs");
    for (var sources : List.of(List.<SettingSource>of(), List.of(SettingSource.PROJECT))) {
      var setup = new AgentSetup("default", sources, List.of(), List.of(), Map.of(), Map.of());
      var agent = new AgentOverrides(null, null, null, setup);
      open(RunOverrides.NONE, agent, new SessionOrigin.Fresh(), List.of(LIBS));
      var calls = act(Call.read("/mnt/libs/a.txt"), Call.bash("ls -a /workspace /tmp; env"));
      assertThat(output(calls.get(0))).contains("content of a");
      assertThat(output(calls.get(1))).doesNotContain("RAN_", "HOSTILE");
      var begun = awaitFact(RunInitialized.class);
      assertThat(begun.toString()).doesNotContain("hostile");
    }
  }
}
