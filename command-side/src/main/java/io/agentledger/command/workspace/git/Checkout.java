package io.agentledger.command.workspace.git;

import io.agentledger.command.workspace.archive.TreeBuilder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.eclipse.jgit.dircache.DirCacheBuilder;
import org.eclipse.jgit.dircache.DirCacheEntry;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.treewalk.TreeWalk;

/**
 * Writes the files of a commit exactly as they were committed, without filters and without
 * conversion of line endings or encodings. A submodule is an empty directory.
 */
record Checkout(Repository repository, TreeBuilder tree, GitTransfer transfer) {
  private static final int TARGET_BYTES_MAX = 4096;

  /** Writes the files, and an index in which they are unchanged. */
  void checkOut(ObjectId root) throws IOException {
    var index = repository.lockDirCache();
    try (var walk = new TreeWalk(repository);
        var objects = repository.newObjectReader()) {
      var entries = index.builder();
      walk.addTree(root);
      walk.setRecursive(true);
      while (walk.next()) {
        if (transfer.isCancelled()) throw new IOException("the time limit is exceeded");
        add(walk, objects, entries);
      }
      entries.finish();
      index.write();
      if (!index.commit()) throw new IOException("the index is locked");
    } finally {
      index.unlock();
    }
  }

  private void add(TreeWalk walk, ObjectReader objects, DirCacheBuilder entries)
      throws IOException {
    var path = walk.getPathString();
    var steps = TreeBuilder.steps(path);
    for (var step : steps) rejectGitDirectory(step);
    var mode = walk.getFileMode();
    var id = walk.getObjectId(0);
    if (mode.equals(FileMode.GITLINK)) tree.addFolder(steps, TreeBuilder.FOLDER_MODE);
    else if (mode.equals(FileMode.SYMLINK)) tree.addLink(steps, target(objects, id));
    else addFile(steps, mode, objects, id);
    var entry = entry(path);
    entry.setFileMode(mode);
    entry.setObjectId(id);
    entries.add(entry);
  }

  /** Creates an index entry. Rejects names that some file system treats as git's own directory. */
  private static DirCacheEntry entry(String path) {
    try {
      return new DirCacheEntry(path);
    } catch (IllegalArgumentException e) {
      throw TreeBuilder.rejection(
          "bad_path", "The repository contains a file that git does not check out.");
    }
  }

  /** Rejects files in git's own directory. */
  private static void rejectGitDirectory(String step) {
    if (step.equalsIgnoreCase(Constants.DOT_GIT))
      throw TreeBuilder.rejection(
          "bad_path", "The repository contains a file in git's own directory.");
  }

  private void addFile(List<String> steps, FileMode mode, ObjectReader objects, ObjectId id)
      throws IOException {
    boolean executable = mode.equals(FileMode.EXECUTABLE_FILE);
    try (var in = objects.open(id, Constants.OBJ_BLOB).openStream()) {
      tree.addFile(steps, executable ? TreeBuilder.FOLDER_MODE : TreeBuilder.FILE_MODE, null, in);
    }
  }

  private static String target(ObjectReader objects, ObjectId id) throws IOException {
    try (var in = objects.open(id, Constants.OBJ_BLOB).openStream()) {
      var bytes = in.readNBytes(TARGET_BYTES_MAX);
      return new String(bytes, StandardCharsets.UTF_8);
    }
  }
}
