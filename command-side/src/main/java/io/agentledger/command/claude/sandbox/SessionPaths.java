package io.agentledger.command.claude.sandbox;

import io.agentledger.command.claude.host.BoundDirectory;
import io.agentledger.command.claude.host.HostUser;
import io.agentledger.command.claude.host.TreeDeleter;
import io.agentledger.command.support.SocketOwner;
import io.agentledger.store.DurableFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * The directories of one session. The agent's uid owns its workspace, home and tmp; sockets and
 * runs stay the service's: the agent reaches the first and cannot see the second. A workspace that
 * is bound in place lies elsewhere and is nobody's but its owner's.
 *
 * @param uid whom the agent acts as at level full: the session's own, or the bound folder's owner;
 *     else empty
 */
public record SessionPaths(Path base, OptionalInt uid, Optional<BoundDirectory> boundDirectory) {
  /** Name of the model gateway's socket in {@link #sockets()}. */
  public static final String MODEL_SOCKET = "model";

  /** Name of what rules close to commands, beside it. */
  private static final String RULES = "rules";

  /** Name of the variables that its commands have, beside it. */
  private static final String VARIABLES = "variables";

  /** Of a session's folder, the part that its agent works in. */
  public static final String WORKSPACE = "work";

  private static final String CONVERSATIONS = "projects";

  private static final byte[] EMPTY_SETTINGS = "{}\n".getBytes(StandardCharsets.UTF_8);

  private static final Set<PosixFilePermission> READABLE =
      PosixFilePermissions.fromString("rw-r-----");

  /** One that has its workspace with it. */
  public SessionPaths(Path base, OptionalInt uid) {
    this(base, uid, Optional.empty());
  }

  /** Where the agent works. */
  public Path workspace() {
    return boundDirectory.map(BoundDirectory::source).orElse(base.resolve(WORKSPACE));
  }

  private int gid() {
    return boundDirectory.map(BoundDirectory::gid).orElse(uid.orElseThrow());
  }

  /** Whom the agent acts as, and in whose group, at level full. */
  List<String> identity() {
    return List.of(
        "--reuid", Integer.toString(uid.orElseThrow()), "--regid", Integer.toString(gid()));
  }

  public Path home() {
    return base.resolve("home");
  }

  /** What the CLI reads of its own, made anew for each process. */
  public Path configuration() {
    return home().resolve(".claude");
  }

  /** The CLI's transcripts, which stay. */
  Path conversations() {
    return configuration().resolve(CONVERSATIONS);
  }

  Path tmp() {
    return base.resolve("tmp");
  }

  /**
   * Holds the model gateway's socket, and what commands are held to; mounted as a directory, since
   * either is a new inode each time.
   */
  public Path sockets() {
    return base.resolve("sock");
  }

  /** Deletes the sockets of a session that has no process; the next process gets new ones. */
  public static void deleteSockets(Path base) throws IOException {
    var paths = new SessionPaths(base, OptionalInt.empty());
    Files.deleteIfExists(paths.sockets().resolve(MODEL_SOCKET));
    Files.deleteIfExists(base.resolve(MODEL_SOCKET));
    TreeDeleter.deleteTree(paths.egress());
  }

  /** Holds the socket of its way out; there only where it has one. */
  public Path egress() {
    return base.resolve("net");
  }

  /** Where the agent can write beside its workspace. */
  public List<Path> scratch() {
    return List.of(home(), tmp());
  }

  /** One directory per process: FIFO, journal, exit status. */
  public Path runs() {
    return base.resolve("run");
  }

  /**
   * Whether the CLI has a transcript of the conversation: only then can it be resumed, and only
   * without it can it be begun.
   *
   * @param workspace its working directory as the CLI sees it
   */
  public boolean hasTranscript(String conversation, Path workspace) {
    String folder = workspace.toString().replaceAll("[^A-Za-z0-9]", "-");
    return Files.exists(conversations().resolve(folder).resolve(conversation + ".jsonl"));
  }

  /** Whether something of a conversation is on the disk. */
  public boolean hasConversation() {
    String[] entries = conversations().toFile().list();
    return entries != null && entries.length > 0;
  }

  /**
   * Makes the CLI's configuration anew: of what was there only the transcripts stay. No process may
   * be alive there.
   */
  public void resetConfiguration() throws IOException {
    deleteEntries(home(), entry -> !entry.equals(configuration()));
    requireDirectory(configuration());
    deleteEntries(configuration(), entry -> !entry.equals(conversations()));
    requireDirectory(conversations());
    for (String name : CliMounts.CLI_STATE) {
      requireDirectory(configuration().resolve(name));
    }
    for (String name : List.of(".claude.json", "settings.json")) {
      DurableFiles.write(configuration().resolve(name), EMPTY_SETTINGS, this::chown);
    }
  }

  private static void deleteEntries(Path directory, DirectoryStream.Filter<Path> filter)
      throws IOException {
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory, filter)) {
      for (Path entry : entries) {
        TreeDeleter.deleteTree(entry);
      }
    }
  }

  /** Whatever else stands there goes. */
  private void requireDirectory(Path path) throws IOException {
    if (!Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
      TreeDeleter.deleteTree(path);
      createDirectory(path, "rwx------");
    }
    chown(path);
  }

  /** Makes what is missing and sets modes and owners. Twice is safe. */
  public SessionPaths create() throws IOException {
    createDirectory(base, uid.isPresent() ? "rwx--x---" : "rwx------");
    shareWithGroup(base);
    createSocketDirectory(sockets());
    createDirectory(runs(), "rwx------");
    createRules();
    createAccounts();
    for (Path own : agentDirectories()) {
      boolean exists = Files.exists(own);
      createDirectory(own, "rwx------");
      if (exists && uid.isPresent() && HostUser.ownerOf(own) != uid.getAsInt()) {
        chownRecursively(own); // The bound folder has another owner by now.
      }
      chown(own);
    }
    if (!Files.isDirectory(conversations(), LinkOption.NOFOLLOW_LINKS)) {
      resetConfiguration(); // Every box has it.
    }
    return this;
  }

  /** The accounts of its boxes: root, whom the agent acts as, and nobody. */
  private void createAccounts() throws IOException {
    int user = uid.orElseGet(() -> HostUser.current().uid());
    int group = uid.isPresent() ? gid() : user;
    EtcDirectory.writeFile(
        accounts(),
        """
        root:x:0:0:root:/root:/bin/bash
        agent:x:%d:%d:agent:/home/agent:/bin/bash
        nobody:x:65534:65534:nobody:/nonexistent:/bin/false
        """
            .formatted(user, group));
    EtcDirectory.writeFile(groups(), "root:x:0:\nagent:x:%d:\nnogroup:x:65534:\n".formatted(group));
  }

  /** What its boxes have as /etc/passwd. */
  Path accounts() {
    return base.resolve("passwd");
  }

  /** What its boxes have as /etc/group. */
  Path groups() {
    return base.resolve("group");
  }

  private void createRules() throws IOException {
    Path rules = sockets().resolve(RULES);
    if (Files.notExists(rules)) {
      try {
        Files.createFile(rules);
      } catch (FileAlreadyExistsException somebodyElse) {
        // It may hold something by now.
      }
    }
    shareRules(rules);
  }

  private void shareRules(Path rules) throws IOException {
    Files.setPosixFilePermissions(rules, READABLE);
    shareWithGroup(rules);
  }

  /** Makes the directory of the way out, and tells where it is. */
  public Path createEgress() throws IOException {
    createSocketDirectory(egress());
    return egress();
  }

  /** The agent's group passes and sees what is in it; nobody but the service changes it. */
  private void createSocketDirectory(Path path) throws IOException {
    createDirectory(path, uid.isPresent() ? "rwxr-x---" : "rwx------");
    shareWithGroup(path);
  }

  private void shareWithGroup(Path path) throws IOException {
    if (uid.isPresent()) {
      HostUser.chown(path, HostUser.ownerOf(path), gid());
    }
  }

  /** Whom the sockets of its processes are for. */
  public SocketOwner socketOwner() {
    return uid.isPresent() ? new SocketOwner(uid.getAsInt(), gid()) : SocketOwner.ofService();
  }

  /**
   * Writes what the box of a process is made of, for nobody but the service: every user of the
   * machine can read command lines, and the names of closed paths are none of their business.
   */
  Path writeBoxArguments(List<String> arguments) throws IOException {
    Path file = base.resolve("box");
    DurableFiles.write(
        file, (String.join("\0", arguments) + "\0").getBytes(StandardCharsets.UTF_8));
    return file;
  }

  /**
   * What the box of the next command is made by; whoever reads it now reads the old text or this.
   */
  public void writeRules(String text) throws IOException {
    Path rules = sockets().resolve(RULES);
    if (Files.exists(rules) && Files.readString(rules).equals(text)) {
      return;
    }
    DurableFiles.write(rules, text.getBytes(StandardCharsets.UTF_8), this::shareRules);
  }

  /**
   * What its commands have in their environment from now on, as arguments of bubblewrap: they stand
   * on no command line, and nobody else may read them.
   */
  public void writeVariables(Map<String, String> variables) throws IOException {
    StringBuilder arguments = new StringBuilder();
    variables.forEach(
        (name, value) ->
            arguments.append("--setenv\0").append(name).append('\0').append(value).append('\0'));
    DurableFiles.write( // For its owner alone.
        sockets().resolve(VARIABLES),
        arguments.toString().getBytes(StandardCharsets.UTF_8),
        this::chown);
  }

  /** Gives one file or folder to the agent's uid; a link itself, not what it names. */
  public void chown(Path path) throws IOException {
    if (uid.isPresent()) {
      HostUser.chown(path, uid.getAsInt(), gid());
    }
  }

  private List<Path> agentDirectories() {
    return boundDirectory.isPresent()
        ? List.of(home(), tmp())
        : List.of(workspace(), home(), tmp());
  }

  /**
   * Puts a new tree in the place of the workspace, which is not a bound one. Nothing of the old one
   * is followed or written to; no process may be alive in it.
   */
  public void replaceWorkspace(DirectoryWriter content) throws IOException {
    Path workspace = createEmpty("work.new");
    content.writeTo(workspace);
    chownRecursively(workspace);
    TreeDeleter.deleteTree(workspace());
    Files.move(workspace, workspace(), StandardCopyOption.ATOMIC_MOVE);
  }

  /** The same with the CLI's home, of which only conversations are filled. */
  public void replaceHome(DirectoryWriter conversations) throws IOException {
    Path home = createEmpty("home.new");
    Path projects = home.resolve(home().relativize(conversations()));
    createDirectory(home.resolve(".claude"), "rwx------");
    createDirectory(projects, "rwx------");
    conversations.writeTo(projects);
    chownRecursively(home);
    removeHome();
    Files.move(home, home(), StandardCopyOption.ATOMIC_MOVE);
  }

  /**
   * Removes the CLI's home with the conversation, and what its tasks wrote. The home goes in one
   * step: what is found there later is a whole conversation or none. No process may be alive in it.
   */
  public void removeHome() throws IOException {
    deleteEntries(tmp(), entry -> entry.getFileName().toString().startsWith("claude-"));
    Path old = base.resolve("home.old");
    TreeDeleter.deleteTree(old);
    if (Files.exists(home(), LinkOption.NOFOLLOW_LINKS)) {
      Files.move(home(), old, StandardCopyOption.ATOMIC_MOVE);
      TreeDeleter.deleteTree(old);
    }
  }

  private Path createEmpty(String name) throws IOException {
    Path path = base.resolve(name);
    TreeDeleter.deleteTree(path);
    createDirectory(path, "rwx------");
    return path;
  }

  /**
   * Gives what was copied into the workspace to the agent's uid; links are not followed. What is in
   * a bound one is not given away.
   */
  public void chownWorkspace() throws IOException {
    if (boundDirectory.isEmpty()) {
      chownRecursively(workspace());
    }
  }

  private void chownRecursively(Path tree) throws IOException {
    if (uid.isEmpty()) {
      return;
    }
    Files.walkFileTree(
        tree,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path dir, BasicFileAttributes attributes)
              throws IOException {
            return give(dir);
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            return give(file);
          }

          private FileVisitResult give(Path path) throws IOException {
            HostUser.chown(path, uid.getAsInt(), gid());
            return FileVisitResult.CONTINUE;
          }
        });
  }

  public static void createDirectory(Path path, String mode) throws IOException {
    Files.createDirectories(path);
    Files.setPosixFilePermissions(
        path, PosixFilePermissions.fromString(mode)); // whatever the umask
  }
}
