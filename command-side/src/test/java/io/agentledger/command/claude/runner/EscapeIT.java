package io.agentledger.command.claude.runner;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.agentledger.api.quota.MonthlyBudget;
import io.agentledger.api.quota.QuotaCommand.ChangeUserLimits;
import io.agentledger.api.quota.QuotaCommand.RemoveUserLimits;
import io.agentledger.api.quota.QuotaId;
import io.agentledger.api.quota.UserLimits;
import io.agentledger.api.session.PermissionMode;
import io.agentledger.api.session.RunOverrides;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.command.Input;
import io.agentledger.api.session.event.ActionEvent.Decision;
import io.agentledger.api.session.event.ActionEvent.PermissionDecided;
import io.agentledger.api.session.event.ActionEvent.PermissionRequested;
import io.agentledger.api.session.event.OutputEvent.RunInitialized;
import io.agentledger.api.session.event.OutputEvent.ToolCalled;
import io.agentledger.api.session.event.RunEvent.Failure;
import io.agentledger.api.session.event.RunEvent.RunCompleted;
import io.agentledger.api.session.event.RunEvent.RunFailed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.assertj.core.api.Assumptions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.context.SpringBootTest;

/**
 * Attacks of a malicious agent from inside of its sandbox, all of which must fail. The real CLI
 * executes them for a scripted model, under a policy that permits everything. Each attack has a
 * control. {@code target/escape-report.md} lists the results.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SpringBootTest(
    classes = RunnerTestSupport.Application.class,
    properties = {
      "agentledger.claude.root=..",
      "agentledger.model.upstream=rehearsal",
      "agentledger.run.retry-delay=0s",
      "agentledger.sandbox.memory-mib=768",
      "agentledger.sandbox.processes=160",
      "agentledger.sandbox.open-files=1024",
      "agentledger.sandbox.file-mib=16",
      "agentledger.sandbox.disk-mib=64",
      "agentledger.sandbox.disk-check-interval=200ms",
      "agentledger.quota.user.workspace-mib=96",
      "spring.main.banner-mode=off",
      "logging.level.root=error"
    })
class EscapeIT extends EscapeTestSupport {
  static final List<Attack> ATTACKS = Attack.ALL;
  static final List<FileAttack> FILE_ATTACKS = FileAttack.ALL;

  private final Map<String, ToolCalled> fileCalls = new java.util.HashMap<>();

  /** Entries of the attacked journal that a command forged; later tests replace the process. */
  private final List<String> forgedJournalEntries = new ArrayList<>();

  @BeforeAll
  void runEveryAttack() throws IOException {
    start();
    installAttackScripts(ATTACKS);
    act(agent, "bash /workspace/attacks.bash command");
    assertThat(lastOutput()).contains("all were tried");
    // Uses programs that the CLI itself cannot start.
    String programs = "export PATH=/run/commands/usr/sbin:/run/commands/usr/bin; bash ";
    assertThat(
            runAsCliSibling(
                List.of("/run/commands/bin/bash", "-c", programs + "/workspace/attacks.bash cli")))
        .contains("all were tried");
    tryFileTools();
    Path journal = pool.find(agent).orElseThrow().context().process().directory().resolve("out");
    try (Stream<String> lines = Files.lines(journal)) {
      lines
          .filter(line -> line.contains("\"subtype\":\"forged-by-the-agent\""))
          .forEach(forgedJournalEntries::add);
    }
  }

  private void tryFileTools() {
    var calls = new ArrayList<Call>();
    calls.add(Call.bash(FileAttack.PREPARED));
    FILE_ATTACKS.forEach(attack -> calls.add(attack.call(surroundings)));
    int before = events(ToolCalled.class).size();
    act(agent, calls);
    var called = events(ToolCalled.class);
    assertThat(called).hasSize(before + calls.size());
    for (int i = 0; i < FILE_ATTACKS.size(); i++) {
      fileCalls.put(FILE_ATTACKS.get(i).sentence(), called.get(before + 1 + i));
    }
  }

  @AfterAll
  void writeReport() throws IOException {
    stop();
  }

  @ParameterizedTest(name = "an agent that {0} comes away with nothing")
  @FieldSource("ATTACKS")
  void attackFromInsideTheSandboxFails(Attack attack) throws IOException {
    int number = ATTACKS.indexOf(attack);
    String control = runOutsideSandbox(attack.control());
    assertThat(control).as("outside of the box it works").containsPattern(successPattern(attack));
    String fromCommand = attackOutput(number, "command");
    report.add(attack.sentence(), attack.script(), fromCommand, control, attack.defence());
    assertThat(fromCommand).as("from a command").doesNotContainPattern(successPattern(attack));
    if (attack.alsoTheCli()) {
      assertThat(attackOutput(number, "cli"))
          .as("in the CLI's place")
          .doesNotContainPattern(successPattern(attack));
    }
  }

  @ParameterizedTest(name = "an agent that {0} comes away with nothing")
  @FieldSource("FILE_ATTACKS")
  void attackByAFileToolFails(FileAttack attack) {
    session = agent;
    ToolCalled call = fileCalls.get(attack.sentence());
    String output = output(call);
    report.add(
        attack.sentence(),
        attack.tool() + " " + attack.input(),
        output,
        attack.benign() ? output : "the same tool on a file of the workspace",
        call.verdict() + ": " + call.rule());
    if (attack.benign()) {
      assertThat(output).containsPattern(attack.won());
    } else {
      assertThat(output).doesNotContainPattern(attack.won()).doesNotContain(secrets.get("@SECRET"));
    }
  }

  @Test
  void agentsUserCannotOpenTheFifoOrTheJournalOutsideItsSandbox() throws IOException {
    act(agent, "true"); // Other tests end its process.
    Path run = pool.find(agent).orElseThrow().context().process().directory();
    String uid = Integer.toString(files(agent).uid().orElseThrow());
    for (String file : List.of("in", "out")) {
      long cli = cliOf(agent);
      String descriptor = "/proc/" + cli + "/fd/" + (file.equals("in") ? 0 : 1);
      assertThat(Files.readSymbolicLink(Path.of(descriptor))).isEqualTo(run.resolve(file));
      String text =
          output(
              new ProcessBuilder(
                  "setpriv",
                  "--reuid",
                  uid,
                  "--regid",
                  uid,
                  "--clear-groups",
                  "bash",
                  "-c",
                  "timeout 2 bash -c ': <>" + descriptor + "' && echo OPENED"));
      assertThat(text).contains("Permission denied").doesNotContain("OPENED");
      assertThat(runOutsideSandbox("timeout 2 bash -c ': <>" + descriptor + "' && echo OPENED"))
          .contains("OPENED");
    }
  }

  @Test
  void foreignJournalEntriesAreNotRecorded() {
    assertThat(forgedJournalEntries).isEmpty();
    assertThat(isHelperAlive()).isTrue();
  }

  @Test
  void agentCannotAnswerItsOwnPermissionRequest() throws IOException {
    SessionId attacker = openSession(RunOverrides.NONE);
    Files.writeString(files(attacker).workspace().resolve("answer.pl"), SelfApprovalAttack.PROGRAM);
    session = attacker;
    submitQuery(
        script(
            List.of(
                new Call(
                    "Bash",
                    Map.of(
                        "command",
                        "perl /workspace/answer.pl > /workspace/tried 2>&1",
                        "description",
                        "Try",
                        "run_in_background",
                        true)),
                new Call("Write", Map.of("file_path", "/tmp/asked.txt", "content", "done")))));
    PermissionRequested request = awaitEvent(PermissionRequested.class);
    Path tried = files(attacker).workspace().resolve("tried");
    await()
        .atMost(60, SECONDS)
        .ignoreException(NoSuchFileException.class) // The background command may begin later.
        .untilAsserted(() -> assertThat(Files.readString(tried)).contains("rounds"));
    report.add(
        "answers its own pending permission",
        "a background command looks for the journal and the FIFO through /proc and answers",
        Files.readString(tried),
        "(the FIFO row's: outside of the box both are found)",
        "nested box: the CLI's process is not in it; both files are root's, mode 600");

    assertThat(Files.readString(tried)).doesNotContain("answered");
    assertThat(events(PermissionDecided.class)).isEmpty();
    assertThat(files(attacker).scratch().getLast().resolve("asked.txt")).doesNotExist();
    submitInput(
        new Input.Decide(request.actionId(), Decision.DENY, request.inputDigest(), null, "no"));
    awaitEvent(RunCompleted.class);
    assertThat(files(attacker).scratch().getLast().resolve("asked.txt")).doesNotExist();
  }

  @Test
  void noChildProcessOutlivesItsRun() throws IOException {
    String name = "survivor-" + nonce;
    String daemons =
        "(setsid bash -c 'exec -a %1$s-1 sleep 300' >/dev/null 2>&1 &);"
            + " perl -e 'fork and exit; setpgrp; fork and exit; exec {\"sleep\"} \"%1$s-2\", 300'"
            + " >/dev/null 2>&1 & sleep 0.5; echo started";
    act(agent, daemons.formatted(name));
    assertThat(lastOutput()).contains("started");
    await().atMost(60, SECONDS).untilAsserted(() -> assertThat(alive(name)).isEmpty());

    runOutsideSandbox(daemons.formatted(name));
    var control = alive(name);
    control.forEach(ProcessHandle::destroyForcibly);
    assertThat(control).as("outside of the box they live on").hasSize(2);
    report.add(
        "leaves daemons behind",
        daemons,
        "none was alive",
        "both were alive",
        "process namespace: it ends with its command");
  }

  private static List<ProcessHandle> alive(String name) {
    return ProcessHandle.allProcesses()
        .filter(process -> commandLine(process.pid()).startsWith(name))
        .toList();
  }

  private static String commandLine(long pid) {
    try {
      return Files.readString(Path.of("/proc", Long.toString(pid), "cmdline"));
    } catch (IOException gone) {
      return "";
    }
  }

  @Tag("exhaustive")
  @Test
  void commandOverTheMemoryLimitIsKilledAndItsRunContinues() {
    assumeMemoryIsBounded();
    act(agent, "perl -e '$x = \"x\" x 10_000_000; print \"FITS\"'");
    assertThat(lastOutput()).contains("FITS");
    act(agent, "perl -e '$x = \"x\" x 3_000_000_000; print \"SURV\", \"IVED\"'");
    assertThat(lastOutput()).doesNotContain("SURVIVED").contains("137");
    report.add(
        "takes all memory",
        "3 GB in one process",
        lastOutput(),
        "10 MB fit",
        "control group: the kernel ends the process");
  }

  @Tag("exhaustive")
  @Test
  void agentThatFillsTmpfsIsKilledWithTheReasonRecorded() {
    assumeMemoryIsBounded();
    SessionId hoarder = openSession(BYPASS);
    submitQuery(
        script(
            List.of(
                Call.bash(
                    "for i in $(seq 16); do head -c 15M /dev/zero >/dev/shm/$i;"
                        + " head -c 15M /dev/zero >~/$i; done; for i in $(seq 8); do"
                        + " perl -e '$x = \"x\" x 40_000_000; sleep 5' & done; wait"))));
    RunFailed failed = awaitEvent(RunFailed.class);
    assertThat(failed.failure()).isEqualTo(Failure.LIMIT);
    assertThat(failed.retrying()).isFalse();
    assertThat(error(failed)).isEqualTo("The agent used more than its 768 MiB of memory.");
    report.add(
        "fills memory with files in memory",
        "two files of 255 MB and a process",
        error(failed),
        "",
        "control group; the run fails and says why");
    nextQueryWorks(hoarder);
  }

  private void assumeMemoryIsBounded() {
    Assumptions.assumeThat(sandbox.resourceLimiter().describeUnenforced())
        .as("control groups")
        .noneMatch(text -> text.startsWith("memory"));
  }

  private String error(RunFailed failed) {
    return sealer.open(session, RunFailed.class, "error", failed.error());
  }

  private void nextQueryWorks(SessionId sessionId) {
    act(sessionId, "echo works again");
    assertThat(lastOutput()).contains("works again");
  }

  @Test
  void forkBombIsContainedAndTheNeighbourIsAnswered() {
    session = agent;
    int before = events(RunCompleted.class).size();
    submitQuery(
        script(
            List.of(
                Call.bash(
                    "f() { f | f & }; f >/dev/null 2>&1; SECONDS=0;"
                        + " while [ $SECONDS -lt 4 ]; do :; done; echo over"))));
    nextQueryWorks(neighbour);
    session = agent;
    awaitEvents(RunCompleted.class, before + 1);
    report.add(
        "starts processes without an end",
        "f() { f | f & }; f",
        lastOutput(),
        "a command with a few processes",
        "limit of processes, by control group and rlimit");
    nextQueryWorks(agent);
  }

  @Test
  void exhaustedDescriptorsAndInotifyWatchesAffectOnlyTheAgent() throws IOException {
    act(
        agent,
        "perl -e 'for (1..100_000) { open $f[$_], \"<\", \"/etc/passwd\" or last; $n = $_ } print \"FILES $n \";"
            + " for (1..100_000) { last if syscall("
            + inotify()
            + ", 0) < 0; $m = $_ } print \"WATCHES $m\"'");
    assertThat(lastOutput()).containsPattern("FILES (9\\d\\d|10[012]\\d)\\b").contains("WATCHES");
    nextQueryWorks(neighbour);
    report.add(
        "uses up descriptors and watches",
        "opens and watches until it is refused",
        "its own limit is met",
        "the neighbour's next query is answered",
        "rlimits, a uid of its own");
  }

  private static int inotify() {
    return System.getProperty("os.arch").equals("amd64") ? 294 : 26;
  }

  @Test
  void outputFloodDoesNotDelayTheNeighbour() {
    session = agent;
    int before = events(RunCompleted.class).size();
    submitQuery(script(List.of(Call.bash("yes flood | head -c 200000000"))));
    nextQueryWorks(neighbour);
    session = agent;
    awaitEvents(RunCompleted.class, before + 1);
    assertThat(lastOutput().length()).isLessThan(200_000);
    report.add(
        "floods the journal",
        "200 MB of output",
        lastOutput().length() + " characters",
        "",
        "the CLI cuts it off, the journal is read by regions");
  }

  @Tag("exhaustive")
  @ParameterizedTest(name = "{0}")
  @ValueSource(
      strings = {
        "The workspace | for i in 1 2 3 4 5 6 7; do head -c 15M /dev/zero >/workspace/big-$i; done; sleep 20",
        "Outside its workspace, the agent | for i in 1 2 3 4 5; do head -c 15M /dev/zero >/tmp/big-$i; done; sleep 20",
        "Outside its workspace, the agent | for i in 4 5 6 7 8; do eval \"exec $i>/tmp/nameless; rm /tmp/nameless; head -c 15M /dev/zero >&$i\"; done; sleep 20"
      })
  void agentThatFillsTheDiskIsKilledWithTheExcessRecorded(String row) throws IOException {
    String[] parts = row.split(" \\| ", 2);
    SessionId filler = openSession(BYPASS);
    submitQuery(script(List.of(Call.bash(parts[1]))));
    try {
      RunFailed failed = awaitEvent(RunFailed.class);
      assertThat(failed.failure()).isEqualTo(Failure.LIMIT);
      assertThat(failed.retrying()).isFalse();
      assertThat(error(failed))
          .startsWith(parts[0] + " used ")
          .containsPattern("the limit is (64|96) MiB: \\d+ MiB too much, written within 200 ms");
      report.add(
          "fills the disk: " + parts[1].replaceAll("\\W+", " "),
          parts[1],
          error(failed),
          "10 MB stay (the run that follows)",
          "measured while the run goes on; the run fails and says why");
      act(
          filler,
          "rm -f /workspace/big-* /tmp/big-*; head -c 10M /dev/zero >/workspace/little; echo fits");
      assertThat(lastOutput()).contains("fits");
    } finally {
      for (Path path : List.of(files(filler).workspace(), files(filler).scratch().getLast())) {
        try (Stream<Path> left = Files.list(path)) {
          for (Path file : left.filter(Files::isRegularFile).toList()) {
            Files.delete(file);
          }
        }
      }
    }
  }

  @Test
  void diskUsageIsMeasuredFromTheStartOfARunAfterIdleTime() throws IOException {
    SessionId filler = openSession(BYPASS);
    act(filler, "echo first");
    // The idle agent is measured, and then every six seconds (30 intervals).
    await().during(Duration.ofSeconds(1)).until(() -> events(RunFailed.class).isEmpty());
    submitQuery(
        script(
            List.of(
                Call.bash(
                    "for i in 1 2 3 4 5; do head -c 15M /dev/zero >/tmp/big-$i; done; sleep 3"))));
    assertThat(error(awaitEvent(RunFailed.class))).startsWith("Outside its workspace, the agent");
    act(filler, "rm -f /tmp/big-*");
  }

  @Test
  void storageLimitOfTheOwnerStopsLargeWritesButNotChanges() throws IOException {
    QuotaId quota = QuotaId.of(ADA.tenant());
    var little = new UserLimits(1000, 1000, 1, 96, 1000, 1000, MonthlyBudget.UNLIMITED);
    long version = this.<Long>send(new ChangeUserLimits(quota, ADA.user(), little, 0, null));
    SessionId filler = openSession(BYPASS);
    try {
      act(filler, "head -c 500K /dev/zero >/workspace/little; sleep 1; echo changed");
      assertThat(lastOutput()).contains("changed");
      submitQuery(
          script(
              List.of(
                  Call.bash(
                      "for i in 1 2; do head -c 14M /dev/zero >/workspace/big-$i; done; sleep 20"))));
      RunFailed failed = awaitEvent(RunFailed.class);
      assertThat(failed.failure()).isEqualTo(Failure.LIMIT);
      assertThat(error(failed)).startsWith("With its owner's other storage, the workspace used ");
      report.add(
          "fills the storage of its owner",
          "28 MiB where none are left",
          error(failed),
          "500 KB stay",
          "measured while the run goes on; the run fails and says why");
    } finally {
      send(new RemoveUserLimits(quota, ADA.user(), version, null));
      for (int i = 1; i <= 2; i++) {
        Files.deleteIfExists(files(filler).workspace().resolve("big-" + i));
      }
      long more = 2 << 20; // The monitor has handled it before another test begins.
      await().until(() -> rooms.headroom(filler, more).storage() > more);
    }
  }

  @Test
  void hostileRepositoryStartsNothingAndAllowsNothing() throws IOException {
    SessionId guest = openSession(RunOverrides.NONE);
    HostileRepository.unpackInto(files(guest));
    act(
        guest,
        List.of(
            Call.bash("echo \"hostile variable: $HOSTILE.\""),
            new Call("Write", Map.of("file_path", "/workspace/new.txt", "content", "x")),
            new Call("Skill", Map.of("skill", "hostile"))));
    RunInitialized init = events(RunInitialized.class).getFirst();
    assertThat(init.mcpServers()).isEmpty();
    assertThat(init.commands()).noneMatch(command -> command.contains("hostile"));
    assertThat(init.permissionMode()).isEqualTo(PermissionMode.DEFAULT);
    assertThat(output(events(ToolCalled.class).getFirst())).contains("hostile variable: .");
    submitQuery(
        script(List.of(new Call("Write", Map.of("file_path", "/tmp/new.txt", "content", "x")))));
    PermissionRequested request =
        awaitEvent(PermissionRequested.class); // Whatever the permissions of the directory are.
    submitInput(
        new Input.Decide(request.actionId(), Decision.DENY, request.inputDigest(), null, "no"));
    awaitEvents(RunCompleted.class, 2);
    assertThat(HostileRepository.started(files(guest))).isEmpty();

    String control = HostileRepository.trusted(sandbox, files(guest));
    assertThat(HostileRepository.started(files(guest)))
        .as("with the settings of the folder it starts things: %s", control)
        .isNotEmpty();
    report.add(
        "brings a repository of its own settings, hooks, servers, filters, skills, schedules",
        "a turn of the CLI in it",
        "nothing was started, nothing offered",
        "started: " + HostileRepository.started(files(guest)),
        "--setting-sources '', --strict-mcp-config, no git and no scheduler of the CLI");
  }
}
