package io.agentledger.command.claude.host;

import io.agentledger.api.session.SessionDirectory;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Resolves and checks the host directories that sessions may mount. Directories of the service
 * itself, and those above them, are always refused. Links are resolved when a directory is chosen;
 * a directory with a link in its path later is refused.
 */
public final class HostDirectoryResolver {
  private static final Pattern FILE_KEY = Pattern.compile("\\(dev=([0-9a-f]+),ino=([0-9]+)\\)");

  private static final List<Path> SYSTEMS =
      List.of(Path.of("/proc"), Path.of("/sys"), Path.of("/dev"), Path.of("/run"));

  private final SortedMap<String, GrantedDirectory> roots = new TreeMap<>();
  private final List<Path> forbidden = new ArrayList<>(SYSTEMS);
  private final boolean ownUids;

  /** A directory that the operator has granted. */
  public record GrantedDirectory(Path path, boolean writable) {}

  /**
   * @param directories by name
   * @param serviceDirectories directories of the service's own files
   * @param ownUids whether sessions have their own uids, which are in no group of the host
   * @throws IOException if one of them must not be mounted
   */
  public HostDirectoryResolver(
      Map<String, GrantedDirectory> directories, List<Path> serviceDirectories, boolean ownUids)
      throws IOException {
    this.ownUids = ownUids;
    for (Path serviceDirectory : serviceDirectories) {
      forbidden.add(serviceDirectory.toRealPath());
    }
    for (Map.Entry<String, GrantedDirectory> entry : directories.entrySet()) {
      roots.put(entry.getKey(), validate(entry.getKey(), entry.getValue()));
    }
    rejectNestedWritable();
  }

  private GrantedDirectory validate(String name, GrantedDirectory grantedDirectory)
      throws IOException {
    if (!name.matches(SessionDirectory.NAME)) {
      throw new IOException("the directory " + name + " must have a name like this: libs-2");
    }
    try {
      return new GrantedDirectory(
          resolveReadable(grantedDirectory.path()), grantedDirectory.writable());
    } catch (DirectoryRefusedException refused) {
      throw new IOException("the directory " + name + " " + refused.getMessage(), refused);
    }
  }

  /** Rejects nested writable directories: an agent could replace the inner one by a link. */
  private void rejectNestedWritable() throws IOException {
    for (Map.Entry<String, GrantedDirectory> entry : roots.entrySet()) {
      for (Map.Entry<String, GrantedDirectory> otherEntry : roots.entrySet()) {
        boolean same = entry.getKey().equals(otherEntry.getKey());
        if (!same
            && entry.getValue().writable()
            && overlap(entry.getValue().path(), otherEntry.getValue().path())) {
          throw new IOException(
              "the directory %s is writable and must not overlap with %s"
                  .formatted(entry.getKey(), otherEntry.getKey()));
        }
      }
    }
  }

  static boolean overlap(Path path, Path other) {
    return path.startsWith(other) || other.startsWith(path);
  }

  /** Returns the granted directories, by name. */
  public List<io.agentledger.api.workspace.NamedDirectory> offered() {
    return roots.entrySet().stream()
        .map(
            entry ->
                new io.agentledger.api.workspace.NamedDirectory(
                    entry.getKey(), entry.getValue().writable()))
        .toList();
  }

  /**
   * Resolves the name of a granted directory.
   *
   * @throws DirectoryRefusedException if the name is unknown
   */
  public SessionDirectory resolveNamed(String name) throws DirectoryRefusedException {
    return new SessionDirectory(name, null, requireRoot(name).writable());
  }

  private GrantedDirectory requireRoot(String name) throws DirectoryRefusedException {
    GrantedDirectory grantedDirectory = roots.get(name);
    if (grantedDirectory == null) {
      throw new DirectoryRefusedException(
          "unknown",
          roots.isEmpty()
              ? "must be the name of a directory that the operator has granted (there is none)"
              : "must be one of " + String.join(", ", roots.keySet()));
    }
    return grantedDirectory;
  }

  /**
   * Resolves a path that the local owner chose. The directory is mounted read-only under its own
   * name.
   *
   * @param usedNames names that are already used
   */
  public SessionDirectory resolveAtPath(String path, Set<String> usedNames) throws IOException {
    try {
      Path real = resolveReadable(Path.of(path));
      return new SessionDirectory(uniqueName(slug(real), usedNames), real.toString(), false);
    } catch (InvalidPathException none) {
      throw new DirectoryRefusedException("path", "must be an absolute path");
    }
  }

  private static String slug(Path folder) {
    String name = String.valueOf(folder.getFileName()).toLowerCase(Locale.ROOT);
    String plain = name.replaceAll("[^a-z0-9]+", "-").replaceAll("^-+|-+$", "");
    return plain.isEmpty() ? "folder" : plain.substring(0, Math.min(plain.length(), 48));
  }

  private String uniqueName(String name, Set<String> usedNames) {
    String candidate = name;
    for (int n = 2; usedNames.contains(candidate) || roots.containsKey(candidate); n++) {
      candidate = name + "-" + n;
    }
    return candidate;
  }

  /**
   * Checks a directory again before it is mounted.
   *
   * @param name mount name
   * @throws DirectoryRefusedException if it must not be mounted any more
   */
  public HostDirectory resolve(String name, SessionDirectory directory) throws IOException {
    try {
      String path = directory.path();
      GrantedDirectory grantedDirectory =
          path == null ? requireRoot(directory.name()) : new GrantedDirectory(Path.of(path), false);
      Path real = resolveReadable(grantedDirectory.path());
      if (!real.equals(grantedDirectory.path())) {
        throw new DirectoryRefusedException("changed", "leads elsewhere than when it was chosen");
      }
      return new HostDirectory(
          name, real, directory.writable() && grantedDirectory.writable(), identity(real));
    } catch (DirectoryRefusedException refused) {
      throw new DirectoryRefusedException(
          refused.rule(), "The directory " + name + " " + refused.getMessage() + ".");
    }
  }

  /** Returns the name of the granted directory that overlaps with the folder. */
  Optional<String> overlapping(Path folder) {
    return roots.entrySet().stream()
        .filter(root -> overlap(root.getValue().path(), folder))
        .map(Map.Entry::getKey)
        .findFirst();
  }

  public static String identity(Path folder) throws IOException {
    Map<String, Object> known =
        Files.readAttributes(folder, "unix:dev,ino", LinkOption.NOFOLLOW_LINKS);
    return known.get("dev") + ":" + known.get("ino");
  }

  /** The same of attributes that were read relative to an open directory. */
  public static String identity(BasicFileAttributes attributes) throws IOException {
    Matcher key = FILE_KEY.matcher(String.valueOf(attributes.fileKey()));
    if (!key.matches()) {
      throw new IOException("unknown form of a file key");
    }
    return Long.parseUnsignedLong(key.group(1), 16) + ":" + key.group(2);
  }

  private Path resolveReadable(Path path) throws IOException {
    Path real = resolveAllowed(path);
    if (ownUids && !isWorldReadable(real)) {
      throw new DirectoryRefusedException(
          "unreadable", "must be a folder that all users of the host may enter and read");
    }
    return real;
  }

  /**
   * Returns the real path, if it contains and is contained in no directory of the service or the
   * system.
   */
  Path resolveAllowed(Path path) throws IOException {
    if (!path.isAbsolute()) {
      throw new DirectoryRefusedException("path", "must be an absolute path");
    }
    Path real = realPath(path);
    if (!Files.isDirectory(real, LinkOption.NOFOLLOW_LINKS)) {
      throw new DirectoryRefusedException("not_a_folder", "must be a folder");
    }
    if (forbidden.stream().anyMatch(serviceDirectory -> overlap(serviceDirectory, real))) {
      throw new DirectoryRefusedException(
          "closed",
          "must not contain files of the service or the system, or be inside of their directories");
    }
    return real;
  }

  private static Path realPath(Path path) throws IOException {
    try {
      return path.toRealPath();
    } catch (AccessDeniedException hidden) {
      throw new DirectoryRefusedException(
          "unreadable", "must be a folder that the service may read");
    } catch (IOException absent) {
      throw new DirectoryRefusedException("not_found", "must be an existing folder");
    }
  }

  private static boolean isWorldReadable(Path folder) throws IOException {
    for (Path path = folder; path != null; path = path.getParent()) {
      Set<PosixFilePermission> mode = Files.getPosixFilePermissions(path);
      if (!mode.contains(PosixFilePermission.OTHERS_EXECUTE)) {
        return false;
      }
    }
    return Files.getPosixFilePermissions(folder).contains(PosixFilePermission.OTHERS_READ);
  }
}
