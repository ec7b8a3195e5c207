package io.agentledger.command.claude.sandbox;

import io.agentledger.api.environment.EnvironmentSnapshot.Limits;
import io.agentledger.api.ops.SandboxLevel;
import io.agentledger.api.session.SessionDirectory;
import io.agentledger.command.claude.host.BoundDirectory;
import io.agentledger.command.claude.host.HostDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The chain of programs that isolates a CLI: its own uid, an outer sandbox for the CLI, and a
 * nested sandbox for every shell command. Its level is the one that was verified on this host by
 * running the whole chain.
 */
public final class Sandbox implements AutoCloseable {
  /** Search path of programs, inside and outside of the sandbox. */
  public static final String PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

  /**
   * Directory of the programs that the CLI finds by name; all of them run in the sandbox of a
   * command.
   */
  public static final String CLI_PATH = "/opt/agentledger/programs";

  /**
   * Directory in memory where the CLI writes the native code that it loads; commands do not see it.
   */
  public static final Path NATIVE_CODE = Path.of("/run/cli");

  /** Name of the directory of the egress socket for commands. */
  public static final String COMMAND_EGRESS = "commands";

  /** Name of the directory of the egress socket for pages that the CLI itself fetches. */
  public static final String FETCH_EGRESS = "fetch";

  /**
   * Paths of /proc that describe the whole machine; the script {@code shell-sandbox} has the same
   * list.
   */
  private static final List<String> PROC_MASKS =
      List.of(
          "acpi",
          "asound",
          "bus",
          "fs",
          "irq",
          "kallsyms",
          "kcore",
          "keys",
          "kmsg",
          "latency_stats",
          "sched_debug",
          "scsi",
          "sysrq-trigger",
          "timer_list",
          "timer_stats");

  /** Size of each writable file system in memory. */
  static final String SCRATCH_BYTES = Integer.toString(256 << 20);

  private final SandboxLevel level;
  private final Path tools;
  private final Path cliDirectory;
  private final ResourceLimiter resourceLimiter;
  private final String levelReason;

  private Sandbox(
      SandboxLevel level,
      RunDirectory runDirectory,
      CliInstallation cli,
      ResourceLimiter resourceLimiter,
      String levelReason) {
    this.level = level;
    this.resourceLimiter = level == SandboxLevel.NONE ? resourceLimiter.none() : resourceLimiter;
    this.tools = runDirectory.tools();
    this.cliDirectory = cli.executable().resolveSibling(".").normalize();
    this.levelReason = levelReason;
  }

  private Sandbox(Sandbox parent, ResourceLimiter resourceLimiter) {
    this.level = parent.level;
    this.tools = parent.tools;
    this.cliDirectory = parent.cliDirectory;
    this.levelReason = parent.levelReason;
    this.resourceLimiter = resourceLimiter;
  }

  /** Finds the level that works here, with the default limits. */
  public static Sandbox open(
      RunDirectory runDirectory, CliInstallation cli, Optional<SandboxLevel> forced)
      throws IOException {
    return open(runDirectory, cli, forced, SandboxSettings.DEFAULT);
  }

  /**
   * Finds the level that works here.
   *
   * @param forced AGENTLEDGER_SANDBOX, if set
   * @param limits limits of one agent, as far as this host can enforce them
   * @throws IOException if the forced level does not work
   */
  public static Sandbox open(
      RunDirectory runDirectory,
      CliInstallation cli,
      Optional<SandboxLevel> forced,
      SandboxSettings limits)
      throws IOException {
    ResourceLimiter resourceLimiter = ResourceLimiter.detect(runDirectory, limits);
    SandboxLevel best = SandboxRequirements.bestLevel(runDirectory.user());
    if (forced.isPresent() && forced.get() == SandboxLevel.NONE) {
      return new Sandbox(SandboxLevel.NONE, runDirectory, cli, resourceLimiter, "switched off");
    }
    if (forced.isPresent()) {
      SandboxRequirements.requireUser(forced.get(), runDirectory.user());
    }
    Sandbox candidate = new Sandbox(best, runDirectory, cli, resourceLimiter, "probed");
    String fault = new SandboxProbe(candidate, runDirectory).probeChain();
    if (fault.isEmpty()) {
      return candidate;
    }
    if (forced.isPresent()) {
      throw new SandboxUnavailableException(
          "The sandbox level " + best.wireName() + " does not work here: " + fault,
          "Mend the cause (see \"The sandbox\" in docs/operations.md), or unset"
              + " AGENTLEDGER_SANDBOX.");
    }
    return new Sandbox(SandboxLevel.NONE, runDirectory, cli, resourceLimiter, fault);
  }

  public SandboxLevel level() {
    return level;
  }

  public boolean isEnabled() {
    return level != SandboxLevel.NONE;
  }

  /** Returns why the sandbox has this level: "probed", or the failure. */
  public String levelReason() {
    return levelReason;
  }

  /**
   * Returns the paths that the CLI sees: the same names in every sandbox, the real paths without
   * one.
   */
  public SandboxPaths sandboxPaths(SessionPaths session) {
    if (!isEnabled()) {
      return new SandboxPaths(
          session.workspace(),
          session.home(),
          session.tmp(),
          session.sockets(),
          cliDirectory.resolve("claude"),
          Optional.empty());
    }
    return new SandboxPaths(
        Path.of("/workspace"),
        Path.of("/home/agent"),
        Path.of("/tmp"),
        Path.of("/run/model"),
        Path.of("/opt/claude/claude"),
        Optional.of(Path.of("/opt/agentledger/shell-sandbox")));
  }

  /** Returns the paths that the CLI sees, with these directories of the host mounted. */
  public SandboxPaths sandboxPaths(SessionPaths session, List<HostDirectory> hostDirectories) {
    return sandboxPaths(session)
        .withMounts(
            hostDirectories.stream()
                .map(directory -> new SandboxPaths.Mount(mountPoint(directory), directory))
                .toList());
  }

  private Path mountPoint(HostDirectory hostDirectory) {
    return isEnabled()
        ? Path.of(SessionDirectory.MOUNT_ROOT, hostDirectory.name())
        : hostDirectory.source();
  }

  /** Returns a copy with the lower limits of a session's environment. */
  public Sandbox withEnvironmentLimits(Limits environment) {
    return new Sandbox(this, resourceLimiter.withEnvironmentLimits(environment));
  }

  /** Returns the limits of the sandboxes and which of them are enforced here. */
  public ResourceLimiter resourceLimiter() {
    return resourceLimiter;
  }

  /** Returns the whole command line that runs the CLI's command line in the sandbox. */
  public List<String> command(SessionPaths session, List<String> inner) throws IOException {
    String name = session.base().getFileName() + "-" + Long.toHexString(System.nanoTime());
    return command(session, name, inner);
  }

  /**
   * The same.
   *
   * @param name name for its limits; unique among living processes
   */
  public List<String> command(SessionPaths session, String name, List<String> inner)
      throws IOException {
    return command(session, MountPlan.NONE, name, inner);
  }

  /**
   * Returns the command line with mounted directories of the host and with the paths that policies
   * close. The command starts only if the mounted directories are the ones that were checked.
   */
  public List<String> command(SessionPaths session, MountPlan plan, String name, List<String> inner)
      throws IOException {
    if (!isEnabled()) {
      return inner;
    }
    SandboxPaths sandboxPaths = sandboxPaths(session, plan.directories());
    CliMounts mounts = new CliMounts();
    mounts.addSystem(tools.resolve("shell-sandbox"));
    mounts.addShared("--bind", session.tmp(), sandboxPaths.tmp());
    String workspaceOption = plan.workspace().isWritable() ? "--bind" : "--ro-bind";
    mounts.addShared(workspaceOption, session.workspace(), sandboxPaths.workspace());
    mounts.addHome(session, sandboxPaths);
    mounts.add("--ro-bind", session.sockets(), sandboxPaths.sockets());
    mounts.addEgress(session);
    mounts.addExecutable(cliDirectory, Path.of("/opt/claude"));
    mounts.addExecutable(tools, Path.of("/opt/agentledger"));
    List<String> expectedInodes = new ArrayList<>();
    session
        .boundDirectory()
        .ifPresent(folder -> expect(expectedInodes, sandboxPaths.workspace(), folder.identity()));
    for (WorkspaceMount.PreparedFolder folder : plan.workspace().prepared()) {
      Path path = sandboxPaths.workspace().resolve(folder.name());
      mounts.addShared("--bind", folder.source(), path);
      expect(expectedInodes, path, folder.identity());
    }
    for (SandboxPaths.Mount mount : sandboxPaths.mounts()) {
      HostDirectory hostDirectory = mount.directory();
      mounts.addShared(
          hostDirectory.writable() ? "--bind" : "--ro-bind",
          hostDirectory.source(),
          mount.mountPoint());
      expect(expectedInodes, mount.mountPoint(), hostDirectory.identity());
    }
    mounts.close(plan);
    Path arguments = session.writeBoxArguments(mounts.arguments());
    List<String> line = baseCommand(session, name, SeccompFilter.Profile.CLI, arguments);
    line.addAll(List.of("--args", "8"));
    line.addAll(List.of("--remount-ro", "/", "--chdir", sandboxPaths.workspace().toString(), "--"));
    line.addAll(resourceLimiter.limitPrefix());
    if (!expectedInodes.isEmpty()) {
      line.addAll(List.of(CliMounts.SHELL, "/opt/agentledger/check-inodes"));
      line.addAll(expectedInodes);
      line.add("--");
    }
    line.addAll(mounts.sealCommand());
    line.addAll(mounts.fetchBridge(session, tools));
    line.addAll(inner);
    return line;
  }

  /** Adds the check of a directory, once even if it is mounted twice. */
  private static void expect(List<String> expectedInodes, Path path, String identity) {
    expectedInodes.add(path + "=" + identity);
    expectedInodes.add(CliMounts.inCommands(path) + "=" + identity);
  }

  /**
   * Returns the command line for a script in a bound directory: as its owner, and in a sandbox in
   * which nothing else is writable.
   *
   * @param name what it is bounded under
   */
  List<String> ownerCommand(
      SessionPaths session, BoundDirectory folder, String name, List<String> inner)
      throws IOException {
    if (!isEnabled()) {
      return inner;
    }
    Path path = sandboxPaths(session).workspace();
    List<String> line = baseCommand(session, name, SeccompFilter.Profile.COMMANDS);
    line.addAll(bindArguments("--bind", folder.source(), path));
    line.addAll(bindArguments("--ro-bind", tools, Path.of("/opt/agentledger")));
    line.addAll(List.of("--remount-ro", "/", "--chdir", path.toString(), "--"));
    line.addAll(resourceLimiter.limitPrefix());
    line.addAll(List.of("/opt/agentledger/check-inodes", path + "=" + folder.identity(), "--"));
    line.addAll(inner);
    return line;
  }

  /**
   * Returns the command prefix of every sandbox: limits, uid and the system's files.
   *
   * @param name what it is bounded under
   */
  List<String> baseCommand(SessionPaths sessionPaths, String name, SeccompFilter.Profile profile)
      throws IOException {
    return baseCommand(sessionPaths, name, profile, Path.of("/dev/null"));
  }

  private List<String> baseCommand(
      SessionPaths sessionPaths, String name, SeccompFilter.Profile profile, Path arguments)
      throws IOException {
    List<String> line = new ArrayList<>(resourceLimiter.prefix(name, profile, arguments));
    if (sessionPaths.uid().isPresent()) {
      line.addAll(dropTo(sessionPaths.identity()));
    }
    line.addAll(
        List.of("bwrap", "--unshare-user", "--unshare-pid", "--unshare-ipc", "--unshare-uts"));
    line.addAll(List.of("--unshare-net", "--unshare-cgroup-try", "--die-with-parent"));
    line.addAll(List.of("--hostname", "agent", "--seccomp", "9"));
    line.addAll(List.of("--ro-bind", "/usr", "/usr"));
    line.addAll(bindArguments("--ro-bind", tools.resolve("etc"), Path.of("/etc")));
    line.addAll(bindArguments("--ro-bind", sessionPaths.accounts(), Path.of("/etc/passwd")));
    line.addAll(bindArguments("--ro-bind", sessionPaths.groups(), Path.of("/etc/group")));
    for (String directory : List.of("/bin", "/lib", "/lib64", "/sbin")) {
      line.addAll(List.of("--ro-bind-try", directory, directory));
    }
    line.addAll(List.of("--proc", "/proc", "--dev", "/dev"));
    if (profile == SeccompFilter.Profile.COMMANDS) {
      line.addAll(procMasks()); // Not in the CLI's sandbox: see there.
    }
    // These file systems are in memory.
    line.addAll(List.of("--size", SCRATCH_BYTES, "--tmpfs", "/dev/shm", "--remount-ro", "/dev"));
    return line;
  }

  /**
   * Masks the paths of /proc that describe the whole machine, as OCI runtimes do. A process can
   * mount a new /proc only where it sees one without masks, so the sandboxes of commands have the
   * masks and the CLI's sandbox has none.
   */
  private List<String> procMasks() {
    List<String> masks = new ArrayList<>();
    for (String name : PROC_MASKS) {
      Path path = Path.of("/proc", name);
      if (Files.exists(path)) {
        Path mask = tools.resolve(Files.isDirectory(path) ? "empty" : "nothing");
        masks.addAll(bindArguments("--ro-bind", mask, path));
      }
    }
    return masks;
  }

  /** Releases the control groups; running processes continue. */
  @Override
  public void close() {
    resourceLimiter.close();
  }

  /** Returns whether each session has its own uid. */
  public boolean ownUids() {
    return level == SandboxLevel.FULL;
  }

  private static List<String> dropTo(List<String> identity) {
    List<String> line = new ArrayList<>(List.of("setpriv"));
    line.addAll(identity);
    line.addAll(List.of("--clear-groups", "--inh-caps=-all", "--no-new-privs"));
    return line;
  }

  private static List<String> bindArguments(String bindOption, Path source, Path path) {
    return List.of(bindOption, source.toString(), path.toString());
  }

  /**
   * Verifies that sandboxed commands can reach an egress proxy; does nothing without a sandbox.
   *
   * @throws IOException if they cannot; the message names what is missing
   */
  public void probeEgress(RunDirectory runDirectory) throws IOException {
    if (isEnabled()) {
      new SandboxProbe(this, runDirectory).probeEgress();
    }
  }
}
