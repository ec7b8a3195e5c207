package io.agentledger.command.claude.sandbox;

import io.agentledger.api.ops.SandboxLevel;
import io.agentledger.command.claude.host.BoundDirectory;
import io.agentledger.command.claude.host.HostDirectoryResolver;
import io.agentledger.command.claude.host.HostUser;
import io.agentledger.command.claude.host.TreeDeleter;
import io.agentledger.store.permission.DeniedPaths;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Program that opens the sandbox as the user that starts it, prints its level, and runs the CLI and
 * a shell in a sandbox. Arguments: home and the CLI's executable.
 */
final class SandboxProbeProgram {
  private SandboxProbeProgram() {}

  public static void main(String[] arguments) throws Exception {
    RunDirectory runDirectory = RunDirectory.open(Path.of(arguments[0]));
    try {
      Sandbox sandbox =
          Sandbox.open(runDirectory, new CliInstallation(Path.of(arguments[1])), Optional.empty());
      System.out.println(sandbox.level().wireName() + " " + sandbox.levelReason());
      if (sandbox.level() == SandboxLevel.SHARED_UID) {
        runInSandbox(sandbox, runDirectory.sessionPaths("ses_probe", false));
        seal(sandbox, runDirectory.sessionPaths("ses_probe", false));
        bind(sandbox, runDirectory, Files.createDirectory(Path.of(arguments[0]).resolve("bound")));
      }
    } finally {
      TreeDeleter.deleteTree(runDirectory.root());
    }
  }

  private static void runInSandbox(Sandbox sandbox, SessionPaths session) throws Exception {
    SandboxPaths sandboxPaths = sandbox.sandboxPaths(session);
    run(sandbox.command(session, List.of(sandboxPaths.executable().toString(), "--version")));
    String write = "echo content > /workspace/made; test ! -e " + session.base();
    run(sandbox.command(session, List.of("/bin/sh", "-c", write)));
    if (HostUser.ownerOf(session.workspace().resolve("made")) == HostUser.current().uid()) {
      System.out.println("files are its user's");
    }
    Files.delete(session.workspace().resolve("made"));
    for (Path path = session.sockets(); path.startsWith(session.base()); path = path.getParent()) {
      String mode = PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
      System.out.println("mode of " + path.getFileName() + ": " + mode);
    }
  }

  /** Tests restrictions of the CLI's sandbox with a shell in place of the CLI. */
  private static void seal(Sandbox sandbox, SessionPaths session) throws Exception {
    Path key = Files.createDirectories(session.workspace().resolve("secrets")).resolve("key");
    Files.writeString(key, "the-treasure");
    Files.writeString(session.workspace().resolve("plain"), "plain");
    Files.createSymbolicLink(session.workspace().resolve("link"), Path.of("plain"));
    var denied = new DeniedPaths(new TreeSet<>(Set.of("/workspace/secrets")), new TreeSet<>());
    var closed = ShellPathRestrictions.create(denied, sandbox.sandboxPaths(session));
    String tries =
        "PATH=/run/commands/usr/bin; cd /workspace; cat plain >/tmp/copy && ! cat link && echo 'links: none followed by the CLI';"
            + " c=/home/agent/.claude; touch $c/projects/new && ! touch $c/new $c/settings.json"
            + " && echo 'configuration: read-only'; ! cat secrets/key && ! ls secrets"
            + " && echo 'denied: closed'; grep -q '^CapBnd:.0*$' /proc/self/status";
    var plan = new MountPlan(List.of(), closed, ShellPathRestrictions.NONE);
    run(sandbox.command(session, plan, "sealed", List.of(CliMounts.SHELL, "-c", tries)));
    run(sandbox.command(session, plan, "boxed", List.of("/bin/bash", "-c", "cat /workspace/link")));
  }

  /** Binds a directory of the program's user, in which the sandbox and the service both work. */
  private static void bind(Sandbox sandbox, RunDirectory runDirectory, Path folder)
      throws Exception {
    int uid = HostUser.current().uid();
    BoundDirectory boundDirectory =
        new BoundDirectory(folder, HostDirectoryResolver.identity(folder), uid, uid);
    SessionPaths session = runDirectory.boundSessionPaths("ses_bound", boundDirectory, false);
    run(sandbox.command(session, List.of("/bin/sh", "-c", "echo agent > /workspace/agents")));
    new OwnerScriptRunner(sandbox)
        .run(session, "cat >\"./$1\"", List.of("services"), out -> out.write("service".getBytes()));
    runDirectory.delete("ses_bound");
    System.out.println(
        "bound: "
            + Files.readString(folder.resolve("agents")).strip()
            + " "
            + Files.readString(folder.resolve("services")));
  }

  private static void run(List<String> line) throws Exception {
    ProcessBuilder builder = new ProcessBuilder(line).inheritIO();
    builder.environment().keySet().retainAll(List.of("PATH"));
    int status = builder.start().waitFor();
    if (status != 0) {
      throw new IOException("status " + status + " of " + line);
    }
  }
}
