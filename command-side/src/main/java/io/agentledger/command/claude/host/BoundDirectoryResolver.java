package io.agentledger.command.claude.host;

import io.agentledger.api.session.BoundFolder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Resolves and checks the host directories that sessions may work in, in place. */
public final class BoundDirectoryResolver {
  /** System directories, to which no agent may write, whoever owns them. */
  private static final List<Path> SYSTEM =
      Stream.of("/bin", "/boot", "/etc", "/lib", "/lib64", "/sbin", "/usr").map(Path::of).toList();

  private final HostDirectoryResolver hostDirectoryResolver;
  private final boolean ownUids;

  /**
   * @param ownUids whether agents act as other users than the service
   */
  public BoundDirectoryResolver(HostDirectoryResolver hostDirectoryResolver, boolean ownUids) {
    this.hostDirectoryResolver = hostDirectoryResolver;
    this.ownUids = ownUids;
  }

  /**
   * Resolves and checks a directory that the local owner chose to work in.
   *
   * @throws DirectoryRefusedException if it is not permitted
   */
  public BoundFolder bind(Path path) throws IOException {
    Path folder = requireUsable(path);
    return new BoundFolder(folder.toString(), inode(folder));
  }

  /**
   * Checks a bound directory again.
   *
   * @throws DirectoryRefusedException if it is not permitted any more
   */
  public BoundDirectory resolve(BoundFolder bound) throws IOException {
    try {
      Path path = Path.of(bound.path());
      Path folder = requireUsable(path);
      if (!folder.equals(path) || inode(folder) != bound.inode()) {
        throw new DirectoryRefusedException("changed", "was replaced after the session was opened");
      }
      int gid = intAttribute(folder, "gid");
      int uid = HostUser.ownerOf(folder);
      return new BoundDirectory(
          folder, HostDirectoryResolver.identity(folder), uid, gid == 0 ? uid : gid);
    } catch (DirectoryRefusedException refused) {
      throw new DirectoryRefusedException(
          refused.rule(), "The folder that the session works in " + refused.getMessage() + ".");
    }
  }

  /**
   * Applies the rules for bound directories: no overlap with mounted directories, no home or system
   * directory, and an owner other than root.
   */
  private Path requireUsable(Path path) throws IOException {
    Path folder = hostDirectoryResolver.resolveAllowed(path);
    Optional<String> directory = hostDirectoryResolver.overlapping(folder);
    if (directory.isPresent()) {
      throw new DirectoryRefusedException(
          "overlaps", "must not overlap with the operator's directory " + directory.get());
    }
    if (SYSTEM.stream().anyMatch(target -> HostDirectoryResolver.overlap(target, folder))) {
      throw new DirectoryRefusedException("closed", "must not be part of the system");
    }
    if (homeDirectories().anyMatch(home -> home.startsWith(folder))) {
      throw new DirectoryRefusedException(
          "home", "must not be a home, or a folder that holds homes");
    }
    requireOwnersAccess(folder);
    return folder;
  }

  private void requireOwnersAccess(Path folder) throws IOException {
    if (!ownUids) {
      if (!Files.isWritable(folder) || !Files.isExecutable(folder)) {
        throw new DirectoryRefusedException(
            "unreadable", "must be a folder that the service may write in");
      }
      return;
    }
    int uid = HostUser.ownerOf(folder);
    if (uid == 0) {
      throw new DirectoryRefusedException(
          "root_owned",
          "is root's: agents do not act as root; give it to a user, or start the service as the"
              + " folder's owner");
    }
    int gid = intAttribute(folder, "gid");
    for (Path path = folder; path != null; path = path.getParent()) {
      Set<PosixFilePermission> mode = Files.getPosixFilePermissions(path);
      PosixFilePermission pass =
          HostUser.ownerOf(path) == uid
              ? PosixFilePermission.OWNER_EXECUTE
              : intAttribute(path, "gid") == gid && gid != 0
                  ? PosixFilePermission.GROUP_EXECUTE
                  : PosixFilePermission.OTHERS_EXECUTE;
      if (!mode.contains(pass)) {
        throw new DirectoryRefusedException(
            "unreadable", "must be a folder whose parent directories its owner may enter");
      }
    }
    if (!Files.getPosixFilePermissions(folder)
        .containsAll(Set.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE))) {
      throw new DirectoryRefusedException(
          "unreadable", "must be a folder that its owner may read and write");
    }
  }

  /** Returns the home directories of all users of the host and of the service's user. */
  private static Stream<Path> homeDirectories() throws IOException {
    Path users = Path.of("/etc/passwd");
    List<String> lines =
        Files.isReadable(users)
            ? Files.readAllLines(users, StandardCharsets.ISO_8859_1)
            : List.<String>of();
    return Stream.concat(
            lines.stream().map(line -> line.split(":")).filter(f -> f.length > 5).map(f -> f[5]),
            Stream.of(System.getProperty("user.home", "/")))
        .filter(home -> home.startsWith("/") && home.length() > 1)
        .map(Path::of);
  }

  private static int intAttribute(Path path, String name) throws IOException {
    return (Integer) Files.getAttribute(path, "unix:" + name, LinkOption.NOFOLLOW_LINKS);
  }

  private static long inode(Path folder) throws IOException {
    return (Long) Files.getAttribute(folder, "unix:ino", LinkOption.NOFOLLOW_LINKS);
  }
}
