package io.agentledger.command.claude.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentledger.command.claude.host.TreeDeleter;
import io.agentledger.command.claude.sandbox.SystemCallTable.Allowed;
import io.agentledger.command.claude.sandbox.SystemCallTable.Architecture;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Refused system calls fail in both sandboxes, and common programs work in commands. */
class SystemCallsTest {
  @TempDir static Path home;
  private static RunDirectory runDirectory;
  private static Sandbox sandbox;
  private static SessionPaths session;

  @BeforeAll
  static void open() throws IOException {
    SessionPaths.createDirectory(home, "rwx--x--x");
    runDirectory = RunDirectory.open(home);
    CliInstallation cli = CliInstallation.find(Optional.empty(), Path.of("..").toRealPath());
    sandbox = Sandbox.open(runDirectory, cli.installTo(runDirectory.cli()), Optional.empty());
    if (!sandbox.isEnabled()) {
      String message = "SYSTEM CALL TESTS SKIPPED: no box here: " + sandbox.levelReason();
      System.err.println(message);
      Assumptions.abort(message);
    }
    session = runDirectory.sessionPaths("ses_calls", sandbox.ownUids());
  }

  @AfterAll
  static void close() throws IOException {
    if (sandbox != null) {
      sandbox.close();
    }
    TreeDeleter.deleteTree(runDirectory.root());
  }

  @Test
  void everyClosedCallFailsInACommand() throws Exception {
    assertThat(inCommand(probe(List.of(Allowed.NOBODY, Allowed.CLI)))).endsWith("all were tried");
  }

  @Test
  void everyClosedCallFailsBesideTheCli() throws Exception {
    assertThat(besideTheCli(probe(List.of(Allowed.NOBODY)))).endsWith("all were tried");
  }

  /** Prints the calls that did not return a refusal. */
  private static String probe(List<Allowed> closed) {
    String numbers =
        SystemCallTable.of(Architecture.current().orElseThrow()).calls().entrySet().stream()
            .filter(call -> closed.contains(call.getValue().allowed()))
            .map(call -> call.getKey() + " => " + call.getValue().number())
            .collect(Collectors.joining(", "));
    return """
        perl -e '
          my %%calls = (%s);
          for my $name (sort keys %%calls) {
            my $result = syscall($calls{$name}, -1, -1, -1, -1, -1, -1);
            print "$name returned $result: $!\\n" unless $result == -1 && ($!{EPERM} || $!{ENOSYS});
          }
          print scalar(keys %%calls) > 60 ? "all were tried" : "too few";'
        """
        .formatted(numbers);
  }

  @ParameterizedTest
  @ValueSource(strings = {"16", "0x4206"})
  void processesCannotBeAttachedTo(String request) throws Exception {
    String attach =
        "perl -e 'my $p = fork; if (!$p) { sleep 5; exit } my $r = syscall(%d, %s, $p, 0, 0);"
            + " print $r == 0 ? \"ATTACHED\" : \"refused: $!\"; kill 9, $p'";
    int ptrace = SystemCallTable.of(Architecture.current().orElseThrow()).number("ptrace");
    String script = attach.formatted(ptrace, request);
    assertThat(inCommand(script)).isEqualTo("refused: Operation not permitted");
    assertThat(besideTheCli(script)).isEqualTo("refused: Operation not permitted");
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          git     | git init -q r && cd r && git -c user.name=a -c user.email=a@b commit -q --allow-empty -m works && git log --format=%s
          python3 | python3 -c 'import subprocess, threading, multiprocessing as m, tempfile; t = threading.Thread(target=lambda: None); t.start(); t.join(); p = m.Process(target=lambda: None); p.start(); p.join(); subprocess.run(["true"], check=True); print("works")'
          node    | node -e 'require("child_process").execFileSync("true"); require("fs").promises.readFile("/etc/passwd").then(() => new Promise(r => new (require("worker_threads").Worker)("", {eval: true}).on("exit", r))).then(() => console.log("works"))'
          npm     | cd $(mktemp -d) && npm init -y >/dev/null && npm pkg set scripts.try='echo works' && npm run -s try
          java    | cd $(mktemp -d) && echo 'class A { public static void main(String[] a) throws Exception { new ProcessBuilder("true").start().waitFor(); System.out.println("works"); } }' >A.java && java A.java
          gcc     | cd $(mktemp -d) && echo 'int puts(const char *); int main(void) { puts("works"); }' >a.c && gcc -o a a.c && ./a
          gdb     | gdb -q -batch -ex 'break main' -ex run -ex continue --args /bin/echo works 2>&1
          strace  | strace -f -o /tmp/calls sh -c '/bin/echo works' && grep -q execve /tmp/calls
          make    | cd $(mktemp -d) && printf 'all:\\n\\t@echo works\\n' >Makefile && make -s -j4
          """)
  void programsOfOrdinaryWorkRunInACommand(String program, String script) throws Exception {
    Assumptions.assumeTrue(
        inCommand("command -v " + program + " || true").startsWith("/"), program + " is not here");
    assertThat(inCommand(script)).containsPattern("(?m)^works$");
  }

  private static String inCommand(String script) throws Exception {
    return run(List.of("/opt/agentledger/shell-sandbox", script));
  }

  private static String besideTheCli(String script) throws Exception {
    return run(List.of("/bin/bash", "-c", script));
  }

  private static String run(List<String> inner) throws Exception {
    String name = "calls-" + Long.toHexString(System.nanoTime());
    List<String> line = new ArrayList<>(sandbox.command(session, name, inner));
    ProcessBuilder builder = new ProcessBuilder(line).redirectErrorStream(true);
    builder.environment().clear();
    builder
        .environment()
        .putAll(
            Map.of(
                "PATH", Sandbox.PATH, "HOME", "/home/agent", "PWD", "/workspace", "LC_ALL", "C"));
    Process process = builder.start();
    try (InputStream output = process.getInputStream()) {
      process.getOutputStream().close();
      String text = new String(output.readAllBytes(), StandardCharsets.UTF_8).strip();
      assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
      return text;
    } finally {
      process.destroyForcibly();
      sandbox.resourceLimiter().release(name);
    }
  }
}
