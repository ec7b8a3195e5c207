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
 * The chain of programs that keeps a CLI apart: a uid of its own, an outer box for the CLI, a
 * nested one for every shell command. Its level was probed by running the whole chain, so it is
 * what holds on this host, not what was hoped for.
 */
public final class Sandbox implements AutoCloseable {
  /** Where programs are found, inside and outside of the box. */
  public static final String PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

  /** Programs that the CLI finds by their names: all of them run in boxes of commands. */
  public static final String CLI_PATH = "/opt/agentledger/programs";

  /** Where the CLI writes native code of its own to load it: in memory, and not for commands. */
  public static final Path NATIVE_CODE = Path.of("/run/cli");

  /** Where a box has its way out, if its session has one. */
  private static final Path EGRESS = Path.of("/run/egress");

  /** What of /proc is about the whole machine; the script of commands' boxes has the same. */
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

  /** Of each place in memory that can be written to. */
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

  /** Finds the level that holds here, with the limits that are the standard. */
  public static Sandbox open(
      RunDirectory runDirectory, CliInstallation cli, Optional<SandboxLevel> forced)
      throws IOException {
    return open(runDirectory, cli, forced, SandboxSettings.DEFAULT);
  }

  /**
   * Finds the level that holds here.
   *
   * @param forced AGENTLEDGER_SANDBOX, if set
   * @param limits how much one agent may take, as far as this host can hold it to that
   * @throws IOException if the forced level does not hold
   */
  public static Sandbox open(
      RunDirectory runDirectory,
      CliInstallation cli,
      Optional<SandboxLevel> forced,
      SandboxSettings limits)
      throws IOException {
    ResourceLimiter resourceLimiter = ResourceLimiter.detect(runDirectory, limits);
    SandboxLevel best = runDirectory.user().isRoot() ? SandboxLevel.FULL : SandboxLevel.SHARED_UID;
    if (forced.isPresent() && forced.get() == SandboxLevel.NONE) {
      return new Sandbox(SandboxLevel.NONE, runDirectory, cli, resourceLimiter, "switched off");
    }
    if (forced.isPresent() && forced.get() != best) {
      throw new IOException(
          "The sandbox level "
              + forced.get().wireName()
              + " is not to be had as uid "
              + runDirectory.user().uid()
              + ": full needs root, shared-uid an ordinary user");
    }
    Sandbox candidate = new Sandbox(best, runDirectory, cli, resourceLimiter, "probed");
    String fault = new SandboxProbe(candidate, runDirectory).probeChain();
    if (fault.isEmpty()) {
      return candidate;
    }
    if (forced.isPresent()) {
      throw new IOException("The sandbox level " + best.wireName() + " does not hold: " + fault);
    }
    return new Sandbox(SandboxLevel.NONE, runDirectory, cli, resourceLimiter, fault);
  }

  public SandboxLevel level() {
    return level;
  }

  public boolean isEnabled() {
    return level != SandboxLevel.NONE;
  }

  /** Why it is this level: "probed", or what failed. */
  public String levelReason() {
    return levelReason;
  }

  /** Where the CLI finds its things: the same names in every box, the real paths without one. */
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

  /** The same with folders of the host beside the workspace. */
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

  /** The same chain around boxes that may take no more than the environment gives them. */
  public Sandbox withEnvironmentLimits(Limits environment) {
    return new Sandbox(this, resourceLimiter.withEnvironmentLimits(environment));
  }

  /** How much of the machine a box may take, and what of that holds here. */
  public ResourceLimiter resourceLimiter() {
    return resourceLimiter;
  }

  /** The whole command line around the CLI's own. */
  public List<String> command(SessionPaths session, List<String> inner) throws IOException {
    String name = session.base().getFileName() + "-" + Long.toHexString(System.nanoTime());
    return command(session, name, inner);
  }

  /**
   * The same.
   *
   * @param name what it is bounded under: one for each process that is alive
   */
  public List<String> command(SessionPaths session, String name, List<String> inner)
      throws IOException {
    return command(session, MountPlan.NONE, name, inner);
  }

  /**
   * The same with folders of the host beside the workspace, and with what policies close. It starts
   * only if what is seen there is what was looked at.
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
    mounts.addShared("--bind", session.workspace(), sandboxPaths.workspace());
    mounts.addHome(session, sandboxPaths);
    mounts.add("--ro-bind", session.sockets(), sandboxPaths.sockets());
    mounts.add("--ro-bind-try", session.egress(), EGRESS);
    mounts.addExecutable(cliDirectory, Path.of("/opt/claude"));
    mounts.addExecutable(tools, Path.of("/opt/agentledger"));
    List<String> expectedInodes = new ArrayList<>();
    session
        .boundDirectory()
        .ifPresent(folder -> expect(expectedInodes, sandboxPaths.workspace(), folder.identity()));
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
    line.addAll(inner);
    return line;
  }

  /** What is mounted twice was looked at once. */
  private static void expect(List<String> expectedInodes, Path path, String identity) {
    expectedInodes.add(path + "=" + identity);
    expectedInodes.add(CliMounts.inCommands(path) + "=" + identity);
  }

  /**
   * The line for what the service does in a bound folder: as its owner, and in a box in which there
   * is nothing else that could be written to.
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
   * The beginning of every box's line: bounds, another uid, the system's files, and nothing else.
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
      line.addAll(procMasks()); // The CLI's box starts one with a /proc of its own: see there.
    }
    // What is written there is memory.
    line.addAll(List.of("--size", SCRATCH_BYTES, "--tmpfs", "/dev/shm", "--remount-ro", "/dev"));
    return line;
  }

  /**
   * Hides what /proc says of the whole machine, as OCI runtimes do. A process can only mount a new
   * /proc where it sees one without masks, so the boxes of commands have them and the CLI's has
   * not.
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

  /** What is alive lives on. */
  @Override
  public void close() {
    resourceLimiter.close();
  }

  /** Whether each tree gets a uid of its own. */
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
   * Finds out whether commands can get to a way out; without a box there is none to get out of.
   *
   * @throws IOException if they cannot, with what is missing
   */
  public void probeEgress(RunDirectory runDirectory) throws IOException {
    if (isEnabled()) {
      new SandboxProbe(this, runDirectory).probeEgress();
    }
  }
}
