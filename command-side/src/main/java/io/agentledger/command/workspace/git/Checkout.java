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
 * Writes the files of a commit, byte by byte as they were committed: no filter, no line ending and
 * no encoding of its attributes is used. A submodule is an empty folder.
 */
record Checkout(Repository repository, TreeBuilder tree, GitTransfer transfer) {
  private static final int TARGET_BYTES_MAX = 4096;

  /** The files, and the index that says that they are unchanged. */
  void checkOut(ObjectId root) throws IOException {
    var index = repository.lockDirCache();
    try (var walk = new TreeWalk(repository);
        var objects = repository.newObjectReader()) {
      var entries = index.builder();
      walk.addTree(root);
      walk.setRecursive(true);
      while (walk.next()) {
        if (transfer.isCancelled()) throw new IOException("its time is over");
        add(walk, objects, entries);
      }
      entries.finish();
      index.write();
      if (!index.commit()) throw new IOException("the index is held by somebody");
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

  /** The names that look like git's own folder to some file system are refused here. */
  private static DirCacheEntry entry(String path) {
    try {
      return new DirCacheEntry(path);
    } catch (IllegalArgumentException e) {
      throw TreeBuilder.rejection(
          "bad_path", "The repository holds a file that git would not write.");
    }
  }

  /** The repository's own folder is nobody's file. */
  private static void rejectGitDirectory(String step) {
    if (step.equalsIgnoreCase(Constants.DOT_GIT))
      throw TreeBuilder.rejection("bad_path", "The repository holds a file of git's own.");
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
