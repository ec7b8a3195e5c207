package io.agentledger.command.claude.sandbox;

import io.agentledger.command.claude.host.BoundDirectory;
import io.agentledger.command.claude.host.HostUser;
import io.agentledger.command.claude.host.TreeDeleter;
import io.agentledger.store.DurableFiles;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Directory of runs on this host. The uids of sandboxed sessions must be able to pass through it,
 * and the path of a Unix socket is short, so it is under AGENTLEDGER_HOME only if both hold there.
 */
public final class RunDirectory {
  private static final int SOCKET_PATH_BYTES_MAX = 105; // sun_path holds 107 bytes and a final zero
  private static final int FIRST_UID = 210_000;
  private static final int UID_COUNT = 60_000;

  /** Name of the file with the operator's CA certificates, which the CLI trusts, too. */
  static final String CA_CERTIFICATES = "ca-certificates.pem";

  private final Path root;
  private final HostUser user;
  private final UidAllocator uids;
  private volatile Consumer<String> deleteListener = session -> {};

  private RunDirectory(Path root, HostUser user) throws IOException {
    this.root = root;
    this.user = user;
    SessionPaths.createDirectory(root, traversable(user));
    SessionPaths.createDirectory(sessions(), traversable(user));
    SessionPaths.createDirectory(tools(), "rwxr-xr-x");
    SessionPaths.createDirectory(root.resolve("uids"), "rwx------");
    DurableFiles.deleteUnfinished(tools());
    for (String script :
        List.of(
            "supervise",
            "hold-socket",
            "shell-sandbox",
            "command-shell",
            "seal-mounts",
            "check-mounts",
            "egress-bridge",
            "supervise-mcp",
            "enter-cgroups",
            "check-inodes")) {
      unpack(script);
    }
    createMasks();
    linkPrograms();
    EtcDirectory.write(etc(), Path.of("/etc"));
    SeccompFilter.writeAll(tools());
    uids = new UidAllocator(root.resolve("uids"), FIRST_UID, UID_COUNT);
  }

  /** Opens the run directory of this home, and creates it if there is none yet. */
  public static RunDirectory open(Path home) throws IOException {
    HostUser user = HostUser.current();
    Path real = Files.createDirectories(home).toRealPath();
    Path root = locate(real, user);
    if (root.startsWith(real)) {
      return new RunDirectory(root, user);
    }
    for (Path path : List.of(sharedParent(user), root)) {
      createPrivate(path, user);
    }
    DurableFiles.write( // For operators and backups.
        real.resolve("run.path"), (root + "\n").getBytes(StandardCharsets.UTF_8), "rw-r--r--");
    return new RunDirectory(root, user);
  }

  /** Locates the sessions of an existing home without creating anything. */
  public static Path locateSessions(Path home) throws IOException {
    return sessions(locate(home.toRealPath(), HostUser.current()));
  }

  private static Path locate(Path home, HostUser user) throws IOException {
    Path inside = home.resolve("run");
    return isShort(inside) && (!user.isRoot() || isTraversable(home))
        ? inside
        : sharedParent(user).resolve(fingerprint(home));
  }

  private static Path sharedParent(HostUser user) {
    return user.isRoot() ? Path.of("/var/lib/agentledger") : privateTemporary(user);
  }

  private static Path privateTemporary(HostUser user) {
    return Path.of("/var/tmp/agentledger-" + user.uid());
  }

  public Path root() {
    return root;
  }

  HostUser user() {
    return user;
  }

  /** Returns the directory of the sandbox's scripts and system call filters. */
  Path tools() {
    return root.resolve("opt");
  }

  /** Lets the CLI trust these CA certificates, in PEM, instead of those of the last start. */
  public void installCaCertificates(Optional<String> certificates) throws IOException {
    Path file = tools().resolve(CA_CERTIFICATES);
    if (certificates.isPresent()) {
      EtcDirectory.writeFile(file, certificates.get());
    } else {
      Files.deleteIfExists(file);
    }
  }

  /** Returns the source of the sandboxes' /etc. */
  private Path etc() {
    return tools().resolve("etc");
  }

  public Path supervisorScript() {
    return tools().resolve("supervise");
  }

  Path mcpSupervisorScript() {
    return tools().resolve("supervise-mcp");
  }

  /** Returns the directory of the CLI, which sandboxed uids can reach. */
  public Path cli() {
    return root.resolve("cli");
  }

  public Path sessions() {
    return sessions(root);
  }

  private static Path sessions(Path root) {
    return root.resolve("s");
  }

  /**
   * Returns the directories of one session and creates missing ones.
   *
   * @param ownUid whether the session gets a uid of its own (level full)
   */
  public SessionPaths sessionPaths(String session, boolean ownUid) throws IOException {
    OptionalInt uid = ownUid ? OptionalInt.of(uids.allocate(session)) : OptionalInt.empty();
    return new SessionPaths(sessions().resolve(session), uid).create();
  }

  /**
   * Returns the directories of a session that works in a bound directory.
   *
   * @param asOwner whether its agent acts as the folder's owner (level full)
   */
  public SessionPaths boundSessionPaths(String session, BoundDirectory folder, boolean asOwner)
      throws IOException {
    OptionalInt uid = asOwner ? OptionalInt.of(folder.uid()) : OptionalInt.empty();
    return new SessionPaths(sessions().resolve(session), uid, Optional.of(folder)).create();
  }

  /** Sets the listener that ends the last process of a session before its files are deleted. */
  public void beforeDelete(Consumer<String> listener) {
    deleteListener = listener;
  }

  /** Deletes a session's directories and frees its uid. Its processes must have ended. */
  public void delete(String session) throws IOException {
    deleteListener.accept(session);
    TreeDeleter.deleteTree(sessions().resolve(session));
    uids.release(session);
  }

  /**
   * Frees the uids of sessions that have no directories here. No session may be opened meanwhile.
   */
  public void releaseUnusedUids() throws IOException {
    for (String session : uids.sessions()) {
      if (Files.notExists(sessions().resolve(session))) {
        uids.release(session);
      }
    }
  }

  /**
   * Creates the file and the directory that are mounted over hidden ones: of the same type, and
   * unreadable.
   */
  private void createMasks() throws IOException {
    SessionPaths.createDirectory(tools().resolve("empty"), "r-xr-xr-x");
    Path nothing = tools().resolve("nothing");
    if (Files.notExists(nothing)) {
      Files.createFile(
          nothing,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("---------")));
    }
  }

  /**
   * Links the programs that the CLI finds by name to the script that runs them in the sandbox of a
   * command.
   */
  private void linkPrograms() throws IOException {
    Path programs = tools().resolve("programs");
    SessionPaths.createDirectory(programs, "rwxr-xr-x");
    for (String name : List.of("bash", "sh", "pdfinfo", "pdftoppm")) {
      if (Files.notExists(programs.resolve(name), LinkOption.NOFOLLOW_LINKS)) {
        Files.createSymbolicLink(programs.resolve(name), Path.of("../shell-sandbox"));
      }
    }
  }

  private void unpack(String script) throws IOException {
    try (InputStream in = RunDirectory.class.getResourceAsStream(script)) {
      if (in == null) {
        throw new IOException("the jar lacks " + script);
      }
      DurableFiles.write(tools().resolve(script), in.readAllBytes(), "rwxr-xr-x");
    }
  }

  private static boolean isShort(Path root) {
    Path socket = // The one with the longest path.
        root.resolve("s/ses_0123456789/net").resolve(Sandbox.COMMAND_EGRESS).resolve("proxy");
    return socket.toString().getBytes(StandardCharsets.UTF_8).length <= SOCKET_PATH_BYTES_MAX;
  }

  /**
   * Returns the mode of directories that session uids must traverse: sessions have uids only if the
   * service is root.
   */
  private static String traversable(HostUser user) {
    return user.isRoot() ? "rwx--x--x" : "rwx------";
  }

  private static boolean isTraversable(Path directory) throws IOException {
    for (Path path = directory; path != null; path = path.getParent()) {
      if (!Files.getPosixFilePermissions(path).contains(PosixFilePermission.OTHERS_EXECUTE)) {
        return false;
      }
    }
    return true;
  }

  /**
   * Creates a directory below a world-writable one, where another user may have created the name or
   * a link.
   */
  private static void createPrivate(Path directory, HostUser user) throws IOException {
    if (!Files.exists(directory, LinkOption.NOFOLLOW_LINKS)) {
      SessionPaths.createDirectory(directory, traversable(user));
    }
    Set<PosixFilePermission> mode =
        Files.getPosixFilePermissions(directory, LinkOption.NOFOLLOW_LINKS);
    if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)
        || HostUser.ownerOf(directory) != user.uid()
        || mode.contains(PosixFilePermission.GROUP_WRITE)
        || mode.contains(PosixFilePermission.OTHERS_WRITE)) {
      throw new IOException(
          directory + " is not a directory that only the service's user may write to");
    }
  }

  private static String fingerprint(Path path) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256")
              .digest(path.toString().getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash, 0, 6);
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
