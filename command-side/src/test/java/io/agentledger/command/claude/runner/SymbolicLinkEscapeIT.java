package io.agentledger.command.claude.runner;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.agentledger.api.ops.SandboxLevel;
import io.agentledger.api.permission.Effect;
import io.agentledger.api.permission.PolicyCommand.CreatePolicy;
import io.agentledger.api.permission.PolicyDefinition;
import io.agentledger.api.permission.PolicyId;
import io.agentledger.api.permission.PolicyRule;
import io.agentledger.api.permission.PolicyRule.Use;
import io.agentledger.api.permission.PolicyScope;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.event.OutputEvent.ToolCalled;
import io.agentledger.command.claude.run.ProcessSupervisor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * Attacks by symbolic links that change between a decision and its execution, all of which must
 * fail. The real CLI executes them for a scripted model, under a policy that permits everything.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SymbolicLinkEscapeIT extends EscapeTestSupport {
  /** One write in twelve succeeded before the fix: this number finds one with 99.9 %. */
  private static final int WRITES = 84;

  /** One read in four succeeded before the fix. */
  private static final int READS = 30;

  private static final int TRIES_AT_ONCE = 14;
  private static final String AWAIT_LINK = "until [ -L way ]; do sleep 0.01; done";

  /**
   * Counts a swap and waits for a tenth of a millisecond: far less than the CLI takes from a check
   * to a use, and a core is not busy all the time.
   */
  private static final String SWAPPED = "$n++; select undef, undef, undef, 0.0001";

  private static final String TREASURE = "the-treasure";
  private static final String CONFIGURATION = "/home/agent/.claude";
  private static final Pattern TASK = Pattern.compile("ID: (\\w+)");

  @Override
  Set<SandboxLevel> levels() {
    return EnumSet.of(SandboxLevel.FULL, SandboxLevel.SHARED_UID);
  }

  @BeforeAll
  void startAll() {
    startReport();
  }

  @AfterAll
  void writeReport() throws IOException {
    stop();
  }

  private static Call inBackground(String command) {
    return new Call(
        "Bash", Map.of("command", command, "description", "Try", "run_in_background", true));
  }

  /** Lets a link alternate between two targets, until a file named stop exists. */
  private static Call renaming(String one, String other) {
    return swapping(
        "for (@ARGV) { symlink $_, \"next\"; rename \"next\", \"way\"; " + SWAPPED + " }",
        one,
        other);
  }

  /** Lets a directory and a link exchange places repeatedly. */
  private static Call exchanging(String other) {
    return swapping(
        "syscall(%d, -100, $way, -100, $link, 2) == 0 or die \"swaps: $!\"; "
                .formatted(PathAttack.renameat2())
            + SWAPPED,
        other);
  }

  private static Call swapping(String step, String... places) {
    return inBackground(
        "perl -e '($way, $link, $n) = qw(way link); mkdir $way; symlink $ARGV[0], $link; rmdir $way if @ARGV > 1;"
            + " until (-e \"stop\") { "
            + step
            + " } print \"$n swaps\"' "
            + String.join(" ", places)
            + " >swapped 2>&1");
  }

  private static Call stopSwapping() {
    return Call.bash("touch stop; until grep swaps swapped; do sleep 0.05; done");
  }

  /**
   * The model makes several tries at once, because a request for each, with all earlier ones in it,
   * costs far more than the try.
   */
  private List<ToolCalled> duringSwaps(SessionId guest, Call swap, List<Call> tries) {
    var all = new ArrayList<>(List.of(List.of(swap), List.of(Call.bash(AWAIT_LINK))));
    for (int i = 0; i < tries.size(); i += TRIES_AT_ONCE)
      all.add(tries.subList(i, Math.min(i + TRIES_AT_ONCE, tries.size())));
    all.add(List.of(stopSwapping()));
    session = guest;
    var called = actAsScripted(scriptOfResponses(all));
    assertThat(called).hasSize(tries.size() + 3);
    assertThat(output(called.getLast())).containsPattern("\\d{3} swaps");
    return called.subList(2, called.size() - 1);
  }

  @Tag("exhaustive")
  @Test
  void writesThroughASwappedLinkNeverReachTheConfiguration() throws IOException {
    SessionId guest = sharedGuest();
    act(guest, "rm -rf /workspace/*; mkdir safe");
    List<String> outputs = tryToWrite(guest, renaming("/workspace/safe", CONFIGURATION));
    report.add(
        "rewrites the CLI's configuration through a link that changes",
        WRITES + " writes through a link that is renamed to and fro",
        outputs.getFirst(),
        "without nosymfollow mounts one in twelve came through",
        "no link of the workspace is followed by the CLI; its configuration is read-only");
    assertThat(outputs)
        .allSatisfy(output -> assertThat(output).contains("ELOOP", "/workspace/way/hit-"));
  }

  @Tag("exhaustive")
  @Test
  void writesThroughADirectoryThatBecomesALinkNeverReachTheConfiguration() throws IOException {
    SessionId guest = sharedGuest();
    act(guest, "rm -rf /workspace/*");
    List<String> outputs = tryToWrite(guest, exchanging(CONFIGURATION));
    report.add(
        "rewrites the CLI's configuration through a directory that becomes a link",
        WRITES + " writes to a directory that is exchanged for a link to and fro",
        String.join(" ", outputs),
        "without nosymfollow mounts one in twelve came through",
        "no link of the workspace is followed by the CLI; its configuration is read-only");
    assertThat(outputs).as("some come as far as to the write").anyMatch(o -> !o.contains("statx"));
  }

  private List<String> tryToWrite(SessionId guest, Call swapping) throws IOException {
    var tries =
        IntStream.range(0, WRITES)
            .mapToObj(i -> write("/workspace/way/hit-" + i + ".json", "{}"))
            .toList();
    var outputs = duringSwaps(guest, swapping, tries).stream().map(this::output).toList();
    assertThat(namesIn(files(guest).home().resolve(".claude"), "hit-")).isEmpty();
    return outputs;
  }

  private static Call write(String path, String content) {
    return new Call("Write", Map.of("file_path", path, "content", content));
  }

  private static Call read(String path) {
    return new Call("Read", Map.of("file_path", path));
  }

  private static List<String> namesIn(Path directory, String prefix) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files
          .map(path -> path.getFileName().toString())
          .filter(name -> name.startsWith(prefix))
          .toList();
    }
  }

  @Test
  void configurationThatAnEarlierProcessLeftIsNotRead() throws IOException {
    SessionId guest = openSession(BYPASS);
    String look = "ls -d /run/model " + CONFIGURATION + "/projects; echo looked";
    act(guest, look);
    ProcessSupervisor supervisor = pool.find(guest).orElseThrow();
    pool.shutdownGracefully(supervisor);
    Path configuration = files(guest).home().resolve(".claude");
    String hostile = "{\"env\":{\"CLAUDE_CODE_SHELL_PREFIX\":\"\"}}";
    for (String name : List.of("settings.json", ".claude.json", "remote-settings.json")) {
      Files.writeString(configuration.resolve(name), hostile);
      files(guest).chown(configuration.resolve(name));
    }
    act(guest, look);
    String output = lastOutput();
    report.add(
        "leaves settings for its next process",
        hostile,
        output,
        "the next process's commands ran beside the CLI",
        "the configuration is made anew at each start; shells are sandboxed by their mounts");
    assertThat(output).contains("looked").doesNotContain("model\\n", "projects\\n");
  }

  @Test
  void taskOutputFollowsNoLink() throws IOException {
    SessionId guest = sharedGuest();
    var started = act(guest, List.of(inBackground("sleep 300"))).getFirst();
    Matcher task = TASK.matcher(output(started));
    assertThat(task.find()).as(output(started)).isTrue();
    var output = new StringBuilder();
    for (String target :
        List.of("/run/model/rules", CONFIGURATION + "/.claude.json", "/proc/1/environ")) {
      var called =
          act(
              guest,
              List.of(
                  Call.bash(
                      "(cd /tmp/claude-*/*/*/tasks && ln -sfn %s %s.output && ls -l)"
                          .formatted(target, task.group(1))),
                  new Call(
                      "TaskOutput",
                      Map.of("task_id", task.group(1), "block", false, "timeout", 1000))));
      assertThat(output(called.getFirst())).contains(" -> " + target);
      output.append(output(called.getLast()));
    }
    report.add(
        "reads files of the CLI's box as the output of a task",
        "TaskOutput on a link to " + CONFIGURATION + "/.claude.json",
        output.toString(),
        "it read them",
        "no link of the temporary directory is followed by the CLI");
    assertThat(output.toString())
        .contains(task.group(1))
        .doesNotContain("firstStartTime", "ANTHROPIC", "hide\\t");
  }

  private void closePaths(SessionId guest, Use use, String... paths) {
    var rule =
        new PolicyRule(
            "closed",
            Effect.DENY,
            0,
            List.of(),
            List.of(paths),
            use,
            List.of(),
            List.of(),
            "not for you");
    var definition = new PolicyDefinition(true, false, List.of(rule));
    var scope = new PolicyScope.Session(guest);
    send(new CreatePolicy(PolicyId.next(), scope, "closed " + use, definition, null));
  }

  @Tag("exhaustive")
  @Test
  void readsThroughASwappedLinkNeverReachADeniedPath() throws IOException {
    SessionId guest = openSession(BYPASS);
    writeWorkspaceFile("secrets/key.txt", TREASURE);
    writeWorkspaceFile("open/key.txt", "nothing-worth");
    files(guest).chownWorkspace();
    closePaths(guest, Use.ANY, "secrets/**");
    var tries = IntStream.range(0, READS).mapToObj(i -> read("/workspace/way/key.txt")).toList();
    var outputs =
        duringSwaps(guest, renaming("/workspace/open", "/workspace/secrets"), tries).stream()
            .map(this::output)
            .toList();
    long hits = outputs.stream().filter(output -> output.contains(TREASURE)).count();
    report.add(
        "reads a denied path through a link that changes",
        READS + " reads through a link that is renamed to and fro",
        hits + " came through",
        "without nosymfollow mounts one in four came through",
        "no link of the workspace is followed by the CLI; what is decided is what is opened");
    assertThat(outputs).anyMatch(output -> output.contains("nothing-worth"));
    assertThat(hits).isZero();
  }

  private static Call mentioning(String name) {
    String prompt = "look\n```rehearsal\n- say: 'see @" + name + " here'\n```\n";
    return new Call(
        "Agent",
        Map.of(
            "subagent_type",
            "general-purpose",
            "description",
            "look",
            "run_in_background",
            true,
            "prompt",
            prompt));
  }

  @Test
  void linkThatABackgroundSubagentMentionsIsDecidedAsItsTarget() throws IOException {
    SessionId guest = openSession(BYPASS);
    writeWorkspaceFile("secrets/key.txt", TREASURE);
    writeWorkspaceFile("open.txt", "nothing-worth");
    files(guest).chownWorkspace();
    closePaths(guest, Use.ANY, "secrets/**");
    var calls =
        List.of(Call.bash("ln -s secrets/key.txt way"), mentioning("way"), mentioning("open.txt"));
    submitQuery(script(calls));
    await()
        .atMost(60, SECONDS)
        .untilAsserted(
            () ->
                assertThat(events(ToolCalled.class))
                    .filteredOn(call -> call.name().equals("Read"))
                    .singleElement()
                    .extracting(this::output)
                    .isEqualTo("\"nothing-worth\""));
    report.add(
        "has a denied file attached by a subagent's answer",
        "see @way here",
        "the subagent is to answer again",
        "the CLI attaches what a notification mentions",
        "each mention is decided by its name and by what it leads to");
  }

  @Test
  void blanksAroundANameNeverReachADeniedPath() throws IOException {
    SessionId guest = openSession(BYPASS);
    writeWorkspaceFile("key.pem", TREASURE);
    writeWorkspaceFile("secrets/key.txt", TREASURE);
    files(guest).chownWorkspace();
    closePaths(guest, Use.ANY, "*.pem", "secrets/**");
    act(guest, "ln -s 'key.pem ' blank");
    var tries = new ArrayList<>(List.of(read("/workspace/blank"), read("/workspace/key.pem ")));
    for (String path :
        List.of(
            "/workspace/key.pem ",
            "/workspace ",
            "/ ",
            "/run ",
            "/run/commands/workspace/secrets "))
      tries.add(
          new Call("Grep", Map.of("pattern", "the-.re", "output_mode", "content", "path", path)));
    tries.add(new Call("Glob", Map.of("pattern", "*.pem", "path", "/workspace ")));
    var outputs = act(guest, tries).stream().map(this::output).toList();
    report.add(
        "reads a denied path by a name with blanks around it",
        String.join(" ", outputs),
        "blanks at both ends, and a link to a name that ends with one",
        "the CLI takes blanks from the ends of a name",
        "names are read as the CLI reads them, and it is given what was decided about");
    assertThat(outputs)
        .allSatisfy(
            output ->
                assertThat(output).doesNotContain(TREASURE).doesNotContainPattern("\"key\\.pem"));
  }

  @Test
  void gitOfTheWorkspaceRunsNothingOutsideOfTheCommandSandbox() throws IOException {
    SessionId guest = openSession(BYPASS);
    writeWorkspaceFile(
        "program",
        """
        #!/usr/bin/perl
        open my $trace, ">>", "/workspace/trace";
        print $trace "$0: ", (-e "/run/model/rules" ? "beside the box" : "in the box"), "\\n";
        """);
    files(guest).chownWorkspace();
    act(
        guest,
        "chmod +x program; git init -q .; git add program;"
            + " git -c user.name=a -c user.email=a@b commit -qm one;"
            + " cp program .git/hooks/post-checkout; cp program .git/hooks/post-index-change;"
            + " git config core.fsmonitor /workspace/program; git status");
    pool.find(guest).ifPresent(ProcessSupervisor::terminate);
    var agent =
        Map.of(
            "description", "Try",
            "subagent_type", "general-purpose",
            "prompt", "scenario: text",
            "isolation", "worktree");
    String output = output(act(guest, List.of(new Call("Agent", agent))).getFirst());
    String trace = Files.readString(files(guest).workspace().resolve("trace"));
    report.add(
        "runs a program beside the box of commands by git hooks of the workspace",
        "a subagent in a worktree, which the CLI makes with git",
        output + trace,
        "hooks, filters and file system monitors are started by git itself, without a shell",
        "the CLI has no git; that of commands runs in their boxes");
    assertThat(trace).contains("in the box").doesNotContain("beside");
  }

  @Test
  void linksInsideTheWorkspaceWorkByTheirTargets() throws IOException {
    SessionId guest = sharedGuest();
    act(
        guest,
        "rm -rf /workspace/*; mkdir -p apps/shop node_modules/.bin packages; ln -s ../apps/shop packages/shop;"
            + " for each in AGENTS.md apps/shop/index.js apps/shop/run.js; do echo one >$each; done;"
            + " ln -s AGENTS.md CLAUDE.md; ln -s ../../packages/shop/run.js node_modules/.bin/shop");
    var named =
        List.of(
            "/workspace/CLAUDE.md",
            "/workspace/packages/shop/index.js",
            "/workspace/node_modules/.bin/shop");
    var real =
        List.of(
            "/workspace/AGENTS.md", "/workspace/apps/shop/index.js", "/workspace/apps/shop/run.js");
    var reads = act(guest, named.stream().map(SymbolicLinkEscapeIT::read).toList());
    assertThat(reads).allSatisfy(call -> assertThat(output(call)).contains("one"));
    assertThat(reads).extracting(this::resolvedPath).containsExactlyElementsOf(real);
    assertThat(reads).extracting(this::namedPath).containsExactlyElementsOf(named);

    // The CLI examines the file before it requests permission: it names the link, the service the
    // real path.
    var refused = act(guest, named.stream().map(path -> edit(path, "one", "two")).toList());
    for (int i = 0; i < named.size(); i++) {
      assertThat(output(refused.get(i))).contains("too many symbolic links", named.get(i));
      assertThat(resolvedPath(refused.get(i))).isEqualTo(real.get(i));
      assertThat(refused.get(i).rule()).contains("use the path " + real.get(i));
    }
    await()
        .atMost(60, SECONDS)
        .untilAsserted( // It is recorded with a delay.
            () ->
                assertThat(transcript(guest))
                    .contains(real.stream().map(path -> "Call Edit with " + path).toList()));
    var edited =
        act(
            guest,
            List.of(
                edit(real.get(0), "one", "two"),
                write(real.get(1), "two"),
                edit(real.get(2), "one", "two"),
                Call.bash("cat CLAUDE.md packages/shop/index.js node_modules/.bin/shop")));
    assertThat(output(edited.getLast())).isEqualTo("\"two\\ntwotwo\"");
  }

  private static Call edit(String path, String old, String text) {
    return new Call("Edit", Map.of("file_path", path, "old_string", old, "new_string", text));
  }

  private String resolvedPath(ToolCalled call) {
    return sealer.open(session, ToolCalled.class, "resolvedPath", call.resolvedPath());
  }

  private String namedPath(ToolCalled call) {
    String input = sealer.open(session, ToolCalled.class, "input", call.input());
    return JSON.readTree(input).path("file_path").asString();
  }

  @Test
  void deniedPathsAreClosedInTheSandboxOfTheCli() throws IOException {
    SessionId guest = openSession(BYPASS);
    writeWorkspaceFile("secrets/key.txt", TREASURE);
    writeWorkspaceFile("deep/key.txt", TREASURE);
    writeWorkspaceFile("kept/k.txt", "kept");
    files(guest).chownWorkspace();
    act(guest, "echo begun");
    Path before = cliRoot(guest);
    assertThat(before.resolve("workspace/secrets/key.txt")).hasContent(TREASURE);
    closePaths(guest, Use.ANY, "secrets/**", "deep/key.txt", "absent/**");
    closePaths(guest, Use.WRITE, "kept/**");
    act(guest, "echo goes on");
    Path root = cliRoot(guest);
    assertThat(root).as("another process").isNotEqualTo(before);
    assertThat(Files.exists(root.resolve("workspace/secrets/key.txt"))).isFalse();
    assertThat(root.resolve("workspace/deep/key.txt")).isEmptyFile();
    Path ofCommands = root.resolve("run/commands/workspace");
    assertThat(Files.exists(ofCommands.resolve("secrets/key.txt"))).isFalse();
    assertThat(ofCommands.resolve("deep/key.txt")).isEmptyFile();
    List<String> mounts = Files.readAllLines(root.resolveSibling("mountinfo"));
    for (String closed : List.of("secrets", "deep/key.txt", "kept")) {
      for (String directory : List.of(" /workspace/", " /run/commands/workspace/")) {
        assertThat(mounts).anyMatch(line -> line.contains(directory + closed + " ro,"));
      }
    }
    assertThat(mounts)
        .filteredOn(line -> line.contains(" /run/commands/"))
        .noneMatch(line -> line.contains("nosymfollow"));
    assertThat(mounts)
        .filteredOn(line -> line.split(" ")[4].matches("/(workspace|tmp|home)(/.*)?"))
        .hasSizeGreaterThan(6)
        .allMatch(line -> line.contains(",nosymfollow"));
    assertThat(files(guest).workspace().resolve("secrets/key.txt")).hasContent(TREASURE);
  }

  /** Root directory as the session's CLI sees it. */
  private Path cliRoot(SessionId sessionId) throws IOException {
    return Path.of("/proc", Long.toString(cliOf(sessionId)), "root");
  }
}
