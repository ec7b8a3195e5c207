package io.agentledger.command.claude.runner;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentledger.api.ops.SandboxLevel;
import io.agentledger.api.session.SessionId;
import io.agentledger.command.claude.sandbox.MountPlan;
import io.agentledger.command.claude.sandbox.Sandbox;
import io.agentledger.command.claude.sandbox.SessionPaths;
import io.agentledger.command.claude.sandbox.ShellPathRestrictions;
import io.agentledger.store.permission.DeniedPaths;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The CLI's own sandbox contains no program that an agent could make it start or load. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CliSandboxIT extends EscapeTestSupport {
  /** More pixels than the CLI passes to a model unchanged. */
  private static final int PIXELS = 3000;

  @Override
  Set<SandboxLevel> levels() {
    return EnumSet.of(SandboxLevel.FULL, SandboxLevel.SHARED_UID);
  }

  @BeforeAll
  void startAgents() throws IOException {
    start();
  }

  @AfterAll
  void writeReport() throws IOException {
    stop();
  }

  @Test
  void nothingButShellsOfCommandsCanBeStarted() throws IOException {
    String script =
        """
        for folder in /workspace /tmp /home/agent /dev/shm; do
          cp /run/commands/bin/true $folder/own 2>/dev/null
        done
        for program in /bin/ls /usr/bin/env /usr/bin/perl /usr/bin/git /usr/bin/bwrap \
            /workspace/own /tmp/own /home/agent/own /dev/shm/own; do
          [ ! -e $program ] || { $program --version; [ $? = 126 ] || echo "STARTED $program"; }
        done
        for name in env git node npm perl python3 rg ls; do
          ! type -P $name || echo "FOUND $name"
        done
        for shell in /bin/sh /bin/bash /usr/bin/bash sh bash; do
          $shell -c '[ -e /run/model/rules ] || ls / >/dev/null && echo "$0 in its box"'
        done
        """;
    String output = runAsCliSibling(List.of("/run/commands/bin/bash", "-c", script));
    report.add(
        "has the CLI start a program beside the box of commands",
        script,
        output,
        "programs of the system, and of the workspace, ran there",
        "no mount but those of libraries, the CLI and shells of commands has programs for it");
    assertThat(output).doesNotContain("STARTED", "FOUND");
    assertThat(output.split("in its box")).hasSize(6);
  }

  /** The CLI writes its native code to a file before it loads the code. */
  @Test
  void nativeCodeOfTheCliIsOutOfReachOfCommands() throws IOException {
    SessionId guest = openSession(BYPASS);
    Path image = files(guest).workspace().resolve("large.png");
    ImageIO.write(
        new BufferedImage(PIXELS, PIXELS, BufferedImage.TYPE_BYTE_GRAY), "png", image.toFile());
    files(guest).chownWorkspace();
    String watch =
        "perl -e 'open $on, q(>), q(watching); until (-e q(stop)) { opendir $d, q(/tmp);"
            + " print \"SEEN $_\\n\" for grep /[.]node$/, readdir $d } print qq(WATCHED)' >seen";
    act(
        guest,
        List.of(
            new Call(
                "Bash",
                Map.of("command", watch, "description", "Watch", "run_in_background", true)),
            Call.bash("until [ -e watching ]; do :; done"),
            new Call("Read", Map.of("file_path", "/workspace/large.png"))));
    String read = lastOutput();
    act(guest, "touch stop; until grep -q WATCHED seen; do sleep 0.05; done; cat seen");
    String seen = lastOutput();
    report.add(
        "replaces the native code that the CLI is about to load",
        watch,
        seen,
        "it was in /tmp, which commands write to",
        "it is in a place in memory that no command has");
    byte[] passedOn = JSON.readTree(read).path(0).path("source").path("data").binaryValue();
    assertThat(ImageIO.read(new ByteArrayInputStream(passedOn)).getWidth())
        .as("native code made it smaller")
        .isLessThan(PIXELS);
    assertThat(seen).contains("WATCHED").doesNotContain("SEEN");
  }

  @Test
  void linkInThePlaceOfAClosedFolderMountsNothingOfTheHost(@TempDir Path host) throws IOException {
    SessionPaths.createDirectory(host, "rwxr-xr-x");
    Files.writeString(host.resolve("treasure"), "the-treasure");
    Path folder = Files.createDirectory(files(agent).workspace().resolve("swapped"));
    var denied = new DeniedPaths(new TreeSet<>(), new TreeSet<>(Set.of("/workspace/swapped")));
    var closed = ShellPathRestrictions.create(denied, sandbox.sandboxPaths(files(agent)));
    var plan = new MountPlan(List.of(), closed, ShellPathRestrictions.NONE);
    List<String> line =
        sandbox.command(
            files(agent),
            plan,
            "swapped-" + nonce,
            List.of(
                "/run/commands/bin/sh",
                "-c",
                "/run/commands/bin/cat /workspace/swapped/treasure; echo STARTED"));
    assertThat(Path.of(line.get(3)))
        .as("arguments of bubblewrap")
        .content()
        .doesNotContain(folder.toString());
    Files.delete(folder);
    Files.createSymbolicLink(folder, host);
    String output = runInBox(line);
    report.add(
        "puts a link in the place of a folder that is about to be closed to the CLI",
        "/workspace/swapped -> " + host,
        output,
        "the place of the host was mounted",
        "what is closed is mounted inside the box, where no link is followed");
    assertThat(output).doesNotContain("the-treasure").contains("symbolic links", "STARTED");
  }

  @Test
  void mountOfAnotherFolderStopsTheCommand() throws IOException {
    Files.createDirectories(files(agent).workspace().resolve("pinned/inner"));
    Files.createDirectories(files(agent).workspace().resolve("other"));
    files(agent).chownWorkspace();
    String bwrap =
        "/run/commands/usr/bin/bwrap --unshare-user --unshare-pid --ro-bind /run/commands/usr /usr"
            + " --ro-bind-try /run/commands/bin /bin --ro-bind-try /run/commands/lib /lib"
            + " --ro-bind-try /run/commands/lib64 /lib64 --proc /proc"
            + " --bind /run/commands/workspace /workspace"
            + " --ro-bind /opt/agentledger/check-mounts /run/check-mounts"
            + " --bind /run/commands/workspace/%s /workspace/pinned"
            + " --ro-bind %s /workspace/pinned/inner"
            + " /run/check-mounts '/workspace/pinned pin\n/workspace/pinned/inner protect\n' /usr/bin/echo RAN; ";
    String inner = "/run/commands/workspace/pinned/inner";
    String right = runAsShell(bwrap.formatted("pinned", inner));
    assertThat(right).contains("RAN");
    var outputs = new ArrayList<String>();
    for (String[] sources :
        List.of(
            new String[] {"pinned", "/home/agent"},
            new String[] {"pinned", "/run/model"},
            new String[] {"pinned", "/run/commands/workspace/other"},
            new String[] {"pinned", "/run/commands/workspace"})) {
      outputs.add(runAsShell(bwrap.formatted((Object[]) sources)));
    }
    report.add(
        "puts a link in the place of a folder that is about to be pinned in a command's box",
        bwrap,
        String.join("", outputs),
        "its target was mounted in the box",
        "mounts are compared with the folder that they are in");
    assertThat(outputs)
        .allSatisfy(
            output ->
                assertThat(output)
                    .contains(
                        "/workspace/pinned/inner is restricted by a policy rule and was changed")
                    .doesNotContain("RAN"));
  }

  @Test
  void variablesDoNotChangeTheScriptOfASandbox() throws IOException {
    String beside = "[ ! -e /run/model/rules ] || echo HIJACKED\n";
    writeWorkspaceFile(agent, "hostile", beside);
    writeWorkspaceFile(agent, "bwrap", "#!/run/commands/bin/sh\n" + beside);
    var line = new ArrayList<>(List.of("/run/commands/usr/bin/env"));
    for (String name : List.of("bwrap", "hash", "read", "printf", "case", "[", "refuse")) {
      line.add(
          "BASH_FUNC_" + name + "%%=() { . /workspace/hostile; builtin " + name + " \"$@\"; }");
    }
    for (String name : List.of("BASH_ENV", "ENV", "PROMPT_COMMAND", "CDPATH", "PATH")) {
      line.add(name + "=" + (name.endsWith("PATH") ? "/workspace" : "/workspace/hostile"));
    }
    line.addAll(List.of("SHELLOPTS=xtrace:functrace", "BASHOPTS=extdebug:expand_aliases"));
    line.addAll(
        List.of("PS4=$(. /workspace/hostile)", "GLOBIGNORE=*", "IFS=/", "POSIXLY_CORRECT=1"));
    line.addAll(List.of("/opt/agentledger/shell-sandbox", "echo \"in its box: $PATH\""));
    String output = runAsCliSibling(line);
    report.add(
        "has variables change the script that makes the box of a command",
        String.join(" ", line),
        output,
        "a shell without -p runs them",
        "the script's shell takes no functions, options or files from variables");
    assertThat(output).contains("in its box: " + Sandbox.PATH).doesNotContain("HIJACKED");
  }

  private void writeWorkspaceFile(SessionId sessionId, String name, String text)
      throws IOException {
    Path file = files(sessionId).workspace().resolve(name);
    Files.writeString(file, text);
    assertThat(file.toFile().setExecutable(true, false)).isTrue();
  }

  @Test
  void readersOfPdfFilesRunInACommandSandbox() throws IOException {
    for (String name : List.of("pdfinfo", "pdftoppm")) {
      String output =
          runAsCliSibling(List.of("/opt/agentledger/programs/" + name, "/workspace/a 'b'.pdf"));
      assertThat(output).containsAnyOf(name + ": command not found", "Couldn't open file");
    }
  }

  private String runAsShell(String script) throws IOException {
    return runAsCliSibling(List.of("/run/commands/bin/sh", "-c", script));
  }
}
