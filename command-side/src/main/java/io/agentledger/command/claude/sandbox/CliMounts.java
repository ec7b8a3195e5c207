package io.agentledger.command.claude.sandbox;

import io.agentledger.command.claude.sandbox.ShellPathRestrictions.Restriction;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Mounts of the CLI's sandbox as arguments of bubblewrap: the session's directories, in which links
 * are not followed; the CLI's configuration, read-only; and, in place of every shell, the script
 * that creates the sandbox of a command. The directories that this script mounts into those
 * sandboxes are mounted a second time under a path that no tool of the CLI reaches.
 */
final class CliMounts {
  /** Source directories for the sandboxes of commands. */
  static final Path COMMANDS = Path.of("/run/commands");

  /** A real shell, for the service's own scripts in the sandbox. */
  static final String SHELL = COMMANDS.resolve("bin/sh").toString();

  /** Directories in which no link is followed. */
  private static final List<String> SEALED = List.of("/workspace", "/tmp", "/home", "/mnt");

  private static final List<String> SYSTEM = List.of("/usr", "/bin", "/lib", "/lib64", "/sbin");

  /** Directories of the CLI's libraries, under every name that the loader uses. */
  private static final List<String> LIBRARIES = List.of("/lib", "/lib64", "/usr/lib", "/usr/lib64");

  /** Parts of its configuration that the CLI writes to while it runs; they are not kept. */
  static final List<String> CLI_STATE = List.of("session-env", "sessions", "tasks");

  /** Directory of the egress socket in a sandbox, if its session has network access. */
  private static final Path EGRESS = Path.of("/run/egress");

  /** Directory of the egress socket in the CLI's sandbox; commands do not see it. */
  private static final String FETCH = "/run/fetch";

  /**
   * Port of the proxy, on the loopback of each sandbox: the same for the CLI and for commands,
   * because the CLI derives variables of commands from its own.
   */
  private static final String PROXY_PORT = "3128";

  private final List<String> arguments = new ArrayList<>();
  private final Set<Path> shared = new TreeSet<>();
  private final List<String> executable = new ArrayList<>(LIBRARIES);

  /** Adds the capabilities needed to seal the mounts; {@code seal-mounts} drops them afterwards. */
  CliMounts() {
    arguments.addAll(List.of("--uid", "0", "--gid", "0"));
    for (String capability : List.of("CAP_SYS_ADMIN", "CAP_SETFCAP", "CAP_SETPCAP")) {
      arguments.addAll(List.of("--cap-add", capability));
    }
  }

  List<String> arguments() {
    return arguments;
  }

  void add(String bindOption, Path source, Path path) {
    arguments.addAll(List.of(bindOption, source.toString(), path.toString()));
  }

  /** Adds a directory of the session, for the CLI and for the sandboxes of commands. */
  void addShared(String bindOption, Path source, Path path) {
    add(bindOption, source, path);
    add(bindOption, source, inCommands(path));
    shared.add(path);
  }

  static Path inCommands(Path path) {
    return COMMANDS.resolve(path.toString().substring(1));
  }

  /** Adds a program that the CLI may start. */
  void addExecutable(Path source, Path path) {
    add("--ro-bind", source, path);
    executable.add(path.toString());
  }

  /**
   * @param shellSandbox the script that replaces the shells
   */
  void addSystem(Path shellSandbox) throws IOException {
    for (String directory : SYSTEM) {
      add("--ro-bind-try", Path.of(directory), inCommands(Path.of(directory)));
    }
    executable.add(COMMANDS.toString());
    for (String directory : LIBRARIES.subList(2, LIBRARIES.size())) {
      if (Files.isDirectory(Path.of(directory), LinkOption.NOFOLLOW_LINKS)) {
        add("--ro-bind", Path.of(directory), Path.of(directory));
      }
    }
    List<Path> shells = List.of(Path.of("bash"), Path.of("/bin/sh").toRealPath().getFileName());
    for (String directory : List.of("/bin", "/usr/bin")) {
      for (Path shell : shells) {
        Path program = Path.of(directory).resolve(shell);
        if (Files.isRegularFile(program, LinkOption.NOFOLLOW_LINKS)) {
          addExecutable(shellSandbox, program);
        }
      }
    }
    arguments.addAll(List.of("--size", Sandbox.SCRATCH_BYTES));
    arguments.addAll(List.of("--tmpfs", Sandbox.NATIVE_CODE.toString()));
    executable.add(Sandbox.NATIVE_CODE.toString());
  }

  /** Adds the egress sockets, if the session has network access. */
  void addEgress(SessionPaths session) {
    add("--ro-bind-try", session.egress().resolve(Sandbox.COMMAND_EGRESS), EGRESS);
    add("--ro-bind-try", session.egress().resolve(Sandbox.FETCH_EGRESS), Path.of(FETCH));
  }

  /** Adds a new home directory in memory, with the configuration of the session. */
  void addHome(SessionPaths session, SandboxPaths sandboxPaths) {
    arguments.addAll(List.of("--size", Sandbox.SCRATCH_BYTES));
    arguments.addAll(List.of("--tmpfs", sandboxPaths.home().toString()));
    add("--ro-bind", session.configuration(), sandboxPaths.config());
    Path skills = session.configuration().resolve(SandboxPaths.SKILLS);
    if (Files.isDirectory(skills, LinkOption.NOFOLLOW_LINKS)) {
      addShared("--ro-bind", skills, sandboxPaths.skills());
    }
    add("--bind", session.conversations(), sandboxPaths.config().resolve("projects"));
    for (String name : CLI_STATE) {
      arguments.addAll(List.of("--size", Sandbox.SCRATCH_BYTES));
      arguments.addAll(List.of("--tmpfs", sandboxPaths.config().resolve(name).toString()));
    }
  }

  /**
   * Masks the existing paths that policies deny to file tools, for the CLI and for the sandboxes of
   * commands. A path that does not exist yet cannot be reached by another name, because no link is
   * followed.
   */
  void close(MountPlan plan) {
    String closed = closedText(plan.closed(), "") + closedText(plan.closedFiles(), "-file");
    if (!closed.isEmpty()) {
      arguments.addAll(List.of("--setenv", "AGENTLEDGER_CLOSED", closed));
    }
  }

  private String closedText(ShellPathRestrictions restrictions, String suffix) {
    StringBuilder text = new StringBuilder();
    if (!restrictions.exceedsLimit()) { // Otherwise no command runs that could rename anything.
      restrictions
          .closed()
          .forEach(
              (name, restriction) -> {
                if (isClosable(Path.of(name))) {
                  String what = restriction == Restriction.PROTECT ? "protect" : "hide";
                  text.append(what).append(suffix).append('\t').append(name).append('\n');
                }
              });
    }
    return text.toString();
  }

  /** The CLI cannot do without its workspace and its temporary directory as such. */
  private boolean isClosable(Path path) {
    return shared.stream()
        .filter(path::startsWith)
        .anyMatch(directory -> directory.startsWith("/mnt") || !path.equals(directory));
  }

  /** Returns the command prefix inside the sandbox. */
  List<String> sealCommand() {
    List<String> line = new ArrayList<>(List.of("/opt/agentledger/seal-mounts"));
    line.addAll(SEALED);
    line.add("--");
    line.addAll(executable);
    line.add("--");
    return line;
  }

  /**
   * Returns the command prefix that connects the CLI's loopback to the egress socket for pages, if
   * the session has one.
   */
  List<String> fetchBridge(SessionPaths session, Path tools) {
    if (!Files.isDirectory(session.egress().resolve(Sandbox.FETCH_EGRESS))) {
      return List.of();
    }
    String programs = COMMANDS.resolve("usr/bin").toString();
    List<String> line = new ArrayList<>(List.of(programs + "/env"));
    line.add("HTTPS_PROXY=http://127.0.0.1:" + PROXY_PORT);
    if (Files.exists(tools.resolve(RunDirectory.CA_CERTIFICATES))) {
      line.add("NODE_EXTRA_CA_CERTS=/opt/agentledger/" + RunDirectory.CA_CERTIFICATES);
    }
    line.addAll(List.of(programs + "/perl", "/opt/agentledger/egress-bridge"));
    line.addAll(List.of(FETCH + "/proxy", PROXY_PORT));
    return line;
  }
}
