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
 * The directories of one session. The agent's uid owns its workspace, home and tmp. The service
 * owns sockets and runs: the agent can reach the sockets and cannot see the runs. A bound workspace
 * lies elsewhere and belongs to its owner.
 *
 * @param uid uid of the agent at level full: the session's own, or that of the bound directory's
 *     owner; else empty
 */
public record SessionPaths(Path base, OptionalInt uid, Optional<BoundDirectory> boundDirectory) {
  /** Name of the model gateway's socket in {@link #sockets()}. */
  public static final String MODEL_SOCKET = "model";

  /** Name of the file with the paths that rules close to commands, in the same directory. */
  private static final String RULES = "rules";

  /** Name of the file with the variables of commands, in the same directory. */
  public static final String VARIABLES = "variables";

  /** Name of the workspace in a session's directory. */
  public static final String WORKSPACE = "work";

  private static final String CONVERSATIONS = "projects";

  private static final byte[] EMPTY_SETTINGS = "{}\n".getBytes(StandardCharsets.UTF_8);

  private static final Set<PosixFilePermission> READABLE =
      PosixFilePermissions.fromString("rw-r-----");

  /** Creates the paths of a session with its own workspace. */
  public SessionPaths(Path base, OptionalInt uid) {
    this(base, uid, Optional.empty());
  }

  /** Returns the directory that the agent works in. */
  public Path workspace() {
    return boundDirectory.map(BoundDirectory::source).orElse(base.resolve(WORKSPACE));
  }

  private int gid() {
    return boundDirectory.map(BoundDirectory::gid).orElse(uid.orElseThrow());
  }

  /** Returns the arguments that set the agent's uid and gid at level full. */
  List<String> identity() {
    return List.of(
        "--reuid", Integer.toString(uid.orElseThrow()), "--regid", Integer.toString(gid()));
  }

  public Path home() {
    return base.resolve("home");
  }

  /** Returns the CLI's configuration directory, which is created anew for each process. */
  public Path configuration() {
    return home().resolve(".claude");
  }

  /** Returns the directory of the CLI's transcripts, which are kept between processes. */
  Path conversations() {
    return configuration().resolve(CONVERSATIONS);
  }

  Path tmp() {
    return base.resolve("tmp");
  }

  /**
   * Returns the directory of the model socket and of the rules for commands. The directory is
   * mounted and not its files, because each rewrite creates a new inode.
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

  /** Returns the directory of the egress sockets, if the session has network access. */
  public Path egress() {
    return base.resolve("net");
  }

  /** Returns the directories outside the workspace that the agent can write to. */
  public List<Path> scratch() {
    return List.of(home(), tmp());
  }

  /** Returns the directory that has one subdirectory per process: FIFO, journal, exit status. */
  public Path runs() {
    return base.resolve("run");
  }

  /**
   * Returns whether the CLI has a transcript of the conversation. With a transcript the CLI must
   * resume the conversation, without one it must start it.
   *
   * @param workspace its working directory as the CLI sees it
   */
  public boolean hasTranscript(String conversation, Path workspace) {
    String folder = workspace.toString().replaceAll("[^A-Za-z0-9]", "-");
    return Files.exists(conversations().resolve(folder).resolve(conversation + ".jsonl"));
  }

  /** Returns whether any part of a conversation is on the disk. */
  public boolean hasConversation() {
    String[] entries = conversations().toFile().list();
    return entries != null && entries.length > 0;
  }

  /** Recreates the CLI's configuration and keeps the transcripts. No process may be alive. */
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

  /** Deletes the path if it is not a directory. */
  private void requireDirectory(Path path) throws IOException {
    if (!Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
      TreeDeleter.deleteTree(path);
      createDirectory(path, "rwx------");
    }
    chown(path);
  }

  /** Creates missing directories and sets modes and owners. Idempotent. */
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
        chownRecursively(own); // The owner of the bound directory has changed.
      }
      chown(own);
    }
    if (!Files.isDirectory(conversations(), LinkOption.NOFOLLOW_LINKS)) {
      resetConfiguration(); // Every sandbox mounts it.
    }
    return this;
  }

  /** Writes the accounts of the session's sandboxes: root, the agent's user, and nobody. */
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

  /** Returns the source of /etc/passwd in the session's sandboxes. */
  Path accounts() {
    return base.resolve("passwd");
  }

  /** Returns the source of /etc/group in the session's sandboxes. */
  Path groups() {
    return base.resolve("group");
  }

  private void createRules() throws IOException {
    Path rules = sockets().resolve(RULES);
    if (Files.notExists(rules)) {
      try {
        Files.createFile(rules);
      } catch (FileAlreadyExistsException somebodyElse) {
        // It may contain files by now.
      }
    }
    shareRules(rules);
  }

  private void shareRules(Path rules) throws IOException {
    Files.setPosixFilePermissions(rules, READABLE);
    shareWithGroup(rules);
  }

  /** Creates the directory of one egress socket and returns it. */
  public Path createEgress(String name) throws IOException {
    createSocketDirectory(egress());
    createSocketDirectory(egress().resolve(name));
    return egress().resolve(name);
  }

  /** Creates a directory that the agent can read and only the service can change. */
  private void createSocketDirectory(Path path) throws IOException {
    createDirectory(path, uid.isPresent() ? "rwxr-x---" : "rwx------");
    shareWithGroup(path);
  }

  private void shareWithGroup(Path path) throws IOException {
    if (uid.isPresent()) {
      HostUser.chown(path, HostUser.ownerOf(path), gid());
    }
  }

  /** Returns the user who may connect to the sockets of the session's processes. */
  public SocketOwner socketOwner() {
    return uid.isPresent() ? new SocketOwner(uid.getAsInt(), gid()) : SocketOwner.ofService();
  }

  /**
   * Writes the arguments of a process's sandbox to a file that only the service can read, because
   * command lines, with the closed paths, are readable by every user.
   */
  Path writeBoxArguments(List<String> arguments) throws IOException {
    Path file = base.resolve("box");
    DurableFiles.write(
        file, (String.join("\0", arguments) + "\0").getBytes(StandardCharsets.UTF_8));
    return file;
  }

  /**
   * Writes the rules for the sandbox of the next command, atomically: a concurrent reader gets the
   * old or the new text.
   */
  public void writeRules(String text) throws IOException {
    Path rules = sockets().resolve(RULES);
    if (Files.exists(rules) && Files.readString(rules).equals(text)) {
      return;
    }
    DurableFiles.write(rules, text.getBytes(StandardCharsets.UTF_8), this::shareRules);
  }

  /**
   * Writes the environment of future commands as arguments of bubblewrap, to a file that only its
   * owner can read.
   */
  public void writeVariables(Map<String, String> variables) throws IOException {
    StringBuilder arguments = new StringBuilder();
    variables.forEach(
        (name, value) ->
            arguments.append("--setenv\0").append(name).append('\0').append(value).append('\0'));
    DurableFiles.write( // Readable by its owner only.
        sockets().resolve(VARIABLES),
        arguments.toString().getBytes(StandardCharsets.UTF_8),
        this::chown);
  }

  /** Changes the owner of one file to the agent's uid; of a link itself, not of its target. */
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
   * Replaces the workspace, which must not be a bound one, by a new tree. No process may be alive
   * in it.
   */
  public void replaceWorkspace(DirectoryWriter content) throws IOException {
    Path workspace = createEmpty("work.new");
    content.writeTo(workspace);
    chownRecursively(workspace);
    TreeDeleter.deleteTree(workspace());
    Files.move(workspace, workspace(), StandardCopyOption.ATOMIC_MOVE);
  }

  /** Replaces the CLI's home by a new one with these conversations. */
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
   * Removes the CLI's home with the conversation, atomically, and the output of its tasks. No
   * process may be alive in it.
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
   * Makes the agent's uid the owner of everything in the workspace, without following links. A
   * bound workspace is not changed.
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
