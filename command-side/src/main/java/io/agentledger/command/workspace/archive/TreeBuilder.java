package io.agentledger.command.workspace.archive;

import io.agentledger.api.shared.QuotaRejection.StorageFull;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.api.shared.WorkspaceRejection.WorkspaceRefused;
import io.agentledger.api.workspace.FilePath;
import io.agentledger.api.workspace.WorkspaceProvisioner.Staged;
import io.agentledger.command.claude.host.DiskUsage;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Builds a tree from untrusted entries, where only the service has access. Nothing is written
 * through a link, because links are created last. Limits are checked while data is written,
 * independent of headers.
 */
public final class TreeBuilder {
  public static final int FILE_MODE = 0644;
  public static final int FOLDER_MODE = 0755;
  private static final int BUFFER_BYTES = 64 * 1024;

  /**
   * Maximum compression ratio: deflate can expand one byte to a thousand, but usual files do not.
   */
  private static final long RATIO_MAX = 200;

  /** Size that is accepted at any compression ratio. */
  private static final long RATIO_FREE_BYTES = 16L * 1024 * 1024;

  private static final Set<PosixFilePermission> PRIVATE =
      PosixFilePermissions.fromString("rwx------");

  private final Path root;
  private final CopyLimits limits;
  private final long sentBytes;
  private final byte[] buffer = new byte[BUFFER_BYTES];
  private final Map<Path, Path> links = new LinkedHashMap<>();
  private final Map<Path, Set<PosixFilePermission>> folders = new LinkedHashMap<>();
  private long files;
  private long bytes;
  private long entries;

  /**
   * @param root empty or missing directory; its parent exists
   * @param sentBytes size of the upload
   */
  public TreeBuilder(Path root, CopyLimits limits, long sentBytes) throws IOException {
    this.root = root;
    this.limits = limits;
    this.sentBytes = sentBytes;
    if (!Files.isDirectory(root, LinkOption.NOFOLLOW_LINKS))
      Files.createDirectory(root, PosixFilePermissions.asFileAttribute(PRIVATE));
    folders.put(root, PRIVATE);
  }

  /**
   * Splits the name of an entry into path segments; empty for the root of the tree. Rejects
   * absolute paths, paths that lead upwards, and paths with too many segments.
   */
  public static List<String> steps(String name) {
    if (name.startsWith("/")) throw badPath(name);
    var steps = new ArrayList<String>();
    for (var step : name.split("/")) if (!step.isEmpty() && !step.equals(".")) steps.add(step);
    if (steps.size() > FilePath.STEPS_MAX)
      throw rejection(
          "too_large",
          "A path has more than "
              + FilePath.STEPS_MAX
              + " steps, folders and name together: "
              + shorten(name));
    try {
      return steps.isEmpty() ? steps : new FilePath(steps).steps();
    } catch (IllegalArgumentException rule) {
      throw badPath(name);
    }
  }

  public void addFolder(List<String> steps, int mode) throws IOException {
    if (steps.isEmpty()) return;
    var folder = createFolders(steps);
    var permissions = permissions(mode);
    permissions.addAll(PRIVATE);
    folders.put(folder, permissions);
  }

  private Path createFolders(List<String> steps) throws IOException {
    if (steps.size() > limits.depthMax())
      throw rejection("too_large", "The tree has more than " + limits.depthMax() + " levels.");
    var folder = root;
    for (var step : steps) {
      folder = resolve(folder, step);
      if (folders.containsKey(folder)) continue;
      countEntry();
      requireAbsent(folder);
      try {
        Files.createDirectory(folder, PosixFilePermissions.asFileAttribute(PRIVATE));
      } catch (FileAlreadyExistsException file) {
        throw duplicate(folder);
      }
      folders.put(folder, permissions(FOLDER_MODE));
    }
    return folder;
  }

  private Path resolve(Path folder, String step) {
    var path = toPath(folder, step);
    if (DiskUsage.isTooLong(path))
      throw rejection("too_large", "A path is too long: " + shorten(relativeName(path)));
    return path;
  }

  private static Path toPath(Path folder, String step) {
    try {
      return folder.resolve(step);
    } catch (InvalidPathException e) {
      throw badPath(step);
    }
  }

  public void addFile(List<String> steps, int mode, @Nullable FileTime modified, InputStream from)
      throws IOException {
    var file = resolveNew(steps);
    try (var out = Files.newOutputStream(file, StandardOpenOption.CREATE_NEW)) {
      copy(from, out);
    } catch (FileAlreadyExistsException e) {
      throw duplicate(file);
    }
    var permissions = permissions(mode);
    permissions.add(PosixFilePermission.OWNER_READ);
    permissions.add(PosixFilePermission.OWNER_WRITE);
    Files.setPosixFilePermissions(file, permissions);
    if (modified != null) Files.setLastModifiedTime(file, modified);
    files++;
  }

  public void addLink(List<String> steps, String target) throws IOException {
    var link = resolveNew(steps);
    if (Files.exists(link)) throw duplicate(link);
    try {
      links.put(link, Path.of(target));
    } catch (InvalidPathException e) {
      throw badPath(target);
    }
  }

  /** Resolves a new path, and creates missing directories. */
  private Path resolveNew(List<String> steps) throws IOException {
    if (steps.isEmpty()) throw badPath("");
    var path = resolve(createFolders(steps.subList(0, steps.size() - 1)), steps.getLast());
    countEntry();
    requireAbsent(path);
    return path;
  }

  private void requireAbsent(Path path) {
    if (folders.containsKey(path) || links.containsKey(path)) throw duplicate(path);
  }

  private void countEntry() {
    if (++entries > limits.entriesMax())
      throw rejection("too_large", "The tree has more than " + limits.entriesMax() + " entries.");
  }

  private void copy(InputStream from, OutputStream to) throws IOException {
    for (int n = from.read(buffer); n >= 0; n = from.read(buffer)) {
      bytes += n;
      if (bytes > limits.bytesMax())
        throw new RejectionException(new StorageFull("workspace_mib", limits.mibMax()));
      if (bytes > RATIO_FREE_BYTES && bytes / RATIO_MAX > sentBytes)
        throw rejection(
            "bomb", "The content is more than " + RATIO_MAX + " times as large as the upload.");
      to.write(buffer, 0, n);
    }
  }

  /**
   * Finishes like {@link #finish}, without a check of the links' targets, because the service
   * follows no links.
   */
  public Staged finishWithoutCheck() throws IOException {
    for (var link : links.entrySet()) Files.createSymbolicLink(link.getKey(), link.getValue());
    for (var folder : folders.entrySet())
      Files.setPosixFilePermissions(folder.getKey(), folder.getValue());
    return new Staged(files, bytes);
  }

  /** Finishes the tree: creates and checks the links, and sets the modes of directories. */
  public Staged finish() throws IOException {
    var staged = finishWithoutCheck();
    for (var link : links.keySet())
      if (!new SymlinkChecker(root).isInside(link))
        throw rejection("link_escapes", "A link leads out of the workspace: " + relativeName(link));
    return staged;
  }

  /** Returns the nine permission bits; set-uid, set-gid and sticky bits are dropped. */
  private static Set<PosixFilePermission> permissions(int mode) {
    var permissions = EnumSet.noneOf(PosixFilePermission.class);
    for (var permission : PosixFilePermission.values())
      if ((mode & 1 << (8 - permission.ordinal())) != 0) permissions.add(permission);
    return permissions;
  }

  private RejectionException duplicate(Path path) {
    return rejection("duplicate", "Duplicate path: " + relativeName(path));
  }

  private String relativeName(Path path) {
    return root.relativize(path).toString();
  }

  private static RejectionException badPath(String name) {
    return rejection("bad_path", "Not a path within a workspace: " + shorten(name));
  }

  private static String shorten(String name) {
    return name.length() <= 200 ? name : name.substring(0, 200);
  }

  public static RejectionException rejection(String rule, String detail) {
    return new RejectionException(new WorkspaceRefused(rule, detail));
  }
}
