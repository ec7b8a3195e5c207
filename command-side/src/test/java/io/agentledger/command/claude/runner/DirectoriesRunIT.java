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
import io.agentledger.api.session.event.OutputEvent.Verdict;
import io.agentledger.api.session.event.RunEvent.Failure;
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

/** Directories of the host beside the workspace, with the real CLI in its sandbox. */
class DirectoriesRunIT extends RunnerTestSupport {
  private static final SessionDirectory LIBS = new SessionDirectory("libs", null, false);
  private static final SessionDirectory OUT = new SessionDirectory("out", null, true);

  @Autowired HostDirectories directories;

  @BeforeEach
  void prepare() throws IOException {
    HOST_DIRECTORIES.writeFile("libs/a.txt", "content of a");
  }

  private void open(SessionDirectory... directory) {
    open(RunOverrides.NONE, AgentOverrides.NONE, new SessionOrigin.Fresh(), List.of(directory));
  }

  private void openLibsAndOut() {
    openShared(() -> open(LIBS, OUT));
  }

  @Test
  void directoryIsReadableButNotWritableByToolsAndCommands() {
    openLibsAndOut();
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
    assertThat(HOST_DIRECTORIES.create("libs")).isDirectoryNotContaining("glob:**/{b,c}.txt");
  }

  @Test
  void writableDirectoryIsChangedOnTheHost() throws IOException {
    openLibsAndOut();
    act(Call.write("/mnt/out/w.txt"), Call.bash("cp /mnt/libs/a.txt /mnt/out/copy.txt"));
    assertThat(Files.readString(HOST_DIRECTORIES.create("out/w.txt"))).isEqualTo("written");
    assertThat(Files.readString(HOST_DIRECTORIES.create("out/copy.txt"))).isEqualTo("content of a");
  }

  /**
   * Mounts have other names, and are writable only if both the operator and the environment allow
   * it.
   */
  @Test
  void environmentMountsFollowTheirAccessMode() throws IOException {
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
    assertThat(Files.readString(HOST_DIRECTORIES.create("out/m.txt"))).isEqualTo("written");
    assertThat(HOST_DIRECTORIES.create("out/by-command")).exists();
    assertThat(HOST_DIRECTORIES.create("libs"))
        .isDirectoryNotContaining("glob:**/{m.txt,by-command}");
  }

  @Test
  void addedAndRemovedDirectoriesApplyFromTheNextQuery() {
    open();
    var look = Call.bash("cat /mnt/libs/a.txt || echo nothing there");
    assertThat(output(act(look).getFirst())).contains("nothing there");
    submitInput(new Input.AddDirectories(List.of(LIBS)));
    assertThat(output(act(look).getFirst())).contains("content of a");
    submitInput(new Input.RemoveDirectories(List.of("libs")));
    assertThat(output(act(look).getFirst())).contains("nothing there");
  }

  @Test
  void forkSeesTheDirectoriesOfItsSession() {
    open(LIBS);
    act(Call.read("/mnt/libs/a.txt"));
    awaitEvent(CheckpointTaken.class); // A branch starts from a checkpoint.
    open(new SessionOrigin.Forked(session, events().size()));
    assertThat(output(act(Call.read("/mnt/libs/a.txt")).getFirst())).contains("content of a");
  }

  @Test
  void localOwnersDirectoryIsMountedByItsName() throws IOException {
    HOST_DIRECTORIES.writeFile("My Notes/n.txt", "a note");
    var request = List.of(HOST_DIRECTORIES.create("My Notes").toString());
    var chosen = directories.resolve(request, true).toCompletableFuture().join();
    open(chosen.toArray(SessionDirectory[]::new));
    assertThat(output(act(Call.read("/mnt/my-notes/n.txt")).getFirst())).contains("a note");
  }

  @Test
  void linksInADirectoryCannotLeaveTheSandbox() throws IOException {
    Path secret = HOST_DIRECTORIES.writeFile("elsewhere/secret.txt", "a secret");
    Path link = HOST_DIRECTORIES.create("libs").resolve("way-out");
    Files.deleteIfExists(link);
    Files.createSymbolicLink(link, secret);
    Path root = HOST_DIRECTORIES.create("libs").resolve("to-proc");
    Files.deleteIfExists(root);
    Files.createSymbolicLink(root, Path.of("/proc/self/environ"));
    openLibsAndOut();
    var calls =
        act(
            Call.bash("cat /mnt/libs/way-out; cat /mnt/libs/../../" + secret),
            Call.read("/mnt/libs/to-proc"));
    assertThat(output(calls.get(0))).doesNotContain("a secret");
    assertThat(calls.get(1).verdict()).isIn(Verdict.DENIED, Verdict.REFUSED);
  }

  /**
   * The rule applies to the path in the sandbox, however the agent names it, also through links.
   */
  @Test
  void policyPathRuleAppliesInADirectory() throws IOException {
    HOST_DIRECTORIES.writeFile("libs/secrets/key.txt", "a key");
    Path link = HOST_DIRECTORIES.create("libs").resolve("innocent");
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
  void directorySwappedForALinkIsNotMounted() throws IOException {
    Path secret = HOST_DIRECTORIES.writeFile("hidden/secret.txt", "a secret");
    Path mine = HOST_DIRECTORIES.writeFile("mine/a.txt", "mine").getParent();
    var chosen = directories.resolve(List.of(mine.toString()), true).toCompletableFuture().join();
    Files.move(mine, HOST_DIRECTORIES.create("moved"));
    Files.createSymbolicLink(mine, secret.getParent());
    open(chosen.toArray(SessionDirectory[]::new));
    submitQuery("scenario: text");
    var failed = awaitEvent(RunFailed.class);
    assertThat(failed.failure()).isEqualTo(Failure.SETUP);
    assertThat(failed.retrying()).isFalse();
    assertThat(sealer.open(session, RunFailed.class, "error", failed.error()))
        .contains("mine", "leads elsewhere");
    submitInput(new Input.RemoveDirectories(List.of("mine")));
    act(Call.bash("true"));
  }

  /**
   * Tests with and without the workspace's own memory and skills, which reach the CLI in another
   * way.
   */
  @Test
  void cliConfigurationInADirectoryStartsNothing() throws IOException {
    HostileDirectory.create(HOST_DIRECTORIES, "libs");
    for (var sources : List.of(List.<SettingSource>of(), List.of(SettingSource.PROJECT))) {
      var setup = new AgentSetup("default", sources, List.of(), List.of(), Map.of(), Map.of());
      var agent = new AgentOverrides(null, null, null, setup);
      open(RunOverrides.NONE, agent, new SessionOrigin.Fresh(), List.of(LIBS));
      var calls = act(Call.read("/mnt/libs/a.txt"), Call.bash("ls -a /workspace /tmp; env"));
      assertThat(output(calls.get(0))).contains("content of a");
      assertThat(output(calls.get(1))).doesNotContain("RAN_", "HOSTILE");
      var initialized = awaitEvent(RunInitialized.class);
      assertThat(initialized.toString()).doesNotContain("hostile");
    }
  }
}
