package io.agentledger.command.claude.sandbox;

import io.agentledger.command.claude.sandbox.ShellPathRestrictions.Restriction;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What a CLI sees in its box, as arguments of bubblewrap: the session's directories, in which no
 * link will be followed; its configuration, which it can only read; and in the place of every shell
 * the script that makes a box for a command. What those boxes are made of is mounted a second time,
 * as it is, at a place where no tool of the CLI's gets.
 */
final class CliMounts {
  /** What boxes of commands are made of. */
  static final Path COMMANDS = Path.of("/run/commands");

  /** A shell that is one, for the service's own scripts in the box. */
  static final String SHELL = COMMANDS.resolve("bin/sh").toString();

  /** Where no link is followed. */
  private static final List<String> SEALED = List.of("/workspace", "/tmp", "/home", "/mnt");

  private static final List<String> SYSTEM = List.of("/usr", "/bin", "/lib", "/lib64", "/sbin");

  private static final List<String> SHELLS =
      List.of("bash", "dash", "sh", "ash", "zsh", "ksh", "mksh", "yash", "fish", "tcsh", "csh");

  /**
   * Programs that do what the folder says in which they are started: their hooks, filters and
   * helpers would run in the CLI's box. Those of commands are in boxes of commands.
   */
  private static final List<String> CONFIGURED_BY_FOLDER =
      List.of("git", "gh", "hg", "svn", "jj", "sl", "npm", "npx", "node", "tmux");

  /** What of its configuration it writes to while it lives; nothing of that stays. */
  static final List<String> CLI_STATE = List.of("session-env", "sessions", "tasks");

  private final List<String> arguments = new ArrayList<>();
  private final Map<Path, Path> sources = new TreeMap<>();

  /** What it needs to seal its mounts, which it does not have afterwards. */
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

  /** A directory of the session's, for the CLI and for boxes of commands. */
  void addShared(String bindOption, Path source, Path path) {
    add(bindOption, source, path);
    add(bindOption, source, inCommands(path));
    sources.put(path, source);
  }

  static Path inCommands(Path path) {
    return COMMANDS.resolve(path.toString().substring(1));
  }

  /**
   * @param shellSandbox stands for every shell
   * @param mask stands for a program that the CLI shall not start
   */
  void addSystem(Path shellSandbox, Path mask) {
    for (String directory : SYSTEM) {
      add("--ro-bind-try", Path.of(directory), inCommands(Path.of(directory)));
    }
    for (String directory : List.of("/bin", "/usr/bin", "/usr/local/bin")) {
      replace(directory, SHELLS, shellSandbox);
      replace(directory, CONFIGURED_BY_FOLDER, mask);
    }
  }

  private void replace(String directory, List<String> names, Path replacement) {
    for (String name : names) {
      Path program = Path.of(directory, name);
      if (Files.isRegularFile(program, LinkOption.NOFOLLOW_LINKS)) {
        add("--ro-bind", replacement, program);
      }
    }
  }

  /** A new home in memory, with the configuration of the session in it. */
  void addHome(SessionPaths session, SandboxPaths sandboxPaths) {
    arguments.addAll(List.of("--size", Sandbox.SCRATCH_BYTES));
    arguments.addAll(List.of("--tmpfs", sandboxPaths.home().toString()));
    add("--ro-bind", session.configuration(), sandboxPaths.config());
    add("--bind", session.conversations(), sandboxPaths.config().resolve("projects"));
    for (String name : CLI_STATE) {
      arguments.addAll(List.of("--size", Sandbox.SCRATCH_BYTES));
      arguments.addAll(List.of("--tmpfs", sandboxPaths.config().resolve(name).toString()));
    }
  }

  /**
   * Closes what policies deny to file tools, as far as it is there: what is not there yet cannot be
   * reached by another name, since no link is followed.
   *
   * @param mask stands for a file that nobody reads
   * @return lines for the script that compares them with the mounts of the box
   */
  String close(MountPlan plan, Path mask) {
    StringBuilder expected = new StringBuilder();
    close(plan.closed(), false, mask, expected);
    close(plan.closedFiles(), true, mask, expected);
    return expected.toString();
  }

  private void close(
      ShellPathRestrictions restrictions, boolean onlyFiles, Path mask, StringBuilder expected) {
    if (restrictions.exceedsLimit()) {
      return; // Then there are no commands that could rename anything.
    }
    restrictions
        .closed()
        .forEach(
            (name, restriction) -> {
              Path path = Path.of(name);
              Optional<Path> source =
                  findSource(path).filter(found -> !onlyFiles || Files.isRegularFile(found));
              if (source.isPresent()) {
                close(path, source.get(), restriction == Restriction.PROTECT, mask);
                expected.append(ShellPathRestrictions.kernelName(name)).append(" ro\n");
              }
            });
  }

  private void close(Path path, Path source, boolean readable, Path mask) {
    if (readable) {
      add("--ro-bind", source, path);
    } else if (Files.isDirectory(source, LinkOption.NOFOLLOW_LINKS)) {
      arguments.addAll(List.of("--perms", "0000", "--tmpfs", path.toString()));
      arguments.addAll(List.of("--remount-ro", path.toString()));
    } else {
      add("--ro-bind", mask, path);
    }
  }

  /** Where a place below a shared directory is on the host; empty if a link leads there. */
  private Optional<Path> findSource(Path path) {
    return sources.entrySet().stream()
        .filter(shared -> path.startsWith(shared.getKey()) && !path.equals(shared.getKey()))
        .map(shared -> findSource(shared.getValue(), shared.getKey().relativize(path)))
        .flatMap(Optional::stream)
        .findFirst();
  }

  private static Optional<Path> findSource(Path directory, Path below) {
    Path current = directory;
    for (Path name : below) {
      current = current.resolve(name);
      if (Files.isSymbolicLink(current) || Files.notExists(current, LinkOption.NOFOLLOW_LINKS)) {
        return Optional.empty();
      }
    }
    return Optional.of(current);
  }

  /** The beginning of the line in the box. */
  static List<String> sealCommand() {
    List<String> line = new ArrayList<>(List.of("/opt/agentledger/seal-mounts"));
    line.addAll(SEALED);
    line.add("--");
    return line;
  }
}
