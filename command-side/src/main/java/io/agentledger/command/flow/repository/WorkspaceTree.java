package io.agentledger.command.flow.repository;

import io.agentledger.command.claude.snapshot.Manifest.Entry;
import io.agentledger.command.claude.snapshot.Manifest.Kind;
import io.agentledger.command.workspace.CheckpointFiles.CheckpointTree;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.eclipse.jgit.dircache.DirCache;
import org.eclipse.jgit.dircache.DirCacheEntry;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.treewalk.TreeWalk;
import org.eclipse.jgit.util.TemporaryBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Tree of a repository with the files of a workspace, byte by byte: no filters, no conversions, no
 * attributes. Nothing is checked out, so links lead nowhere and nothing is executed.
 *
 * <ul>
 *   <li>Directories of git are not part of a checkpoint's files here; nested ones are left out,
 *       too.
 *   <li>Files that are new and ignored by {@code .gitignore} are left out. Ignored files that the
 *       repository already has are not ignored, as in git.
 *   <li>Submodules stay as they are, and files in their directories are left out.
 *   <li>Links are committed as links, the executable bit is the owner's.
 * </ul>
 */
final class WorkspaceTree {
  private static final int OWNER_EXECUTE = 0100;
  private static final int BUFFER_BYTES = 1024 * 1024;

  private final Repository repository;
  private final CheckpointTree checkpoint;
  private final ChangeRules rules;
  private final Map<String, GitEntry> before = new HashMap<>();
  private final TreeMap<String, GitEntry> after = new TreeMap<>();

  WorkspaceTree(Repository repository, CheckpointTree checkpoint, ChangeRules rules) {
    this.repository = repository;
    this.checkpoint = checkpoint;
    this.rules = rules;
  }

  private record GitEntry(FileMode mode, ObjectId id) {}

  /**
   * Stores the tree.
   *
   * @param base tree of the commit that the workspace was cloned from
   * @return the tree's id; that of the base if nothing differs
   */
  ObjectId write(ObjectId base) throws IOException {
    readBase(base);
    try (var inserter = repository.newObjectInserter()) {
      var ignoreRules = readIgnoreRules();
      for (var entry : checkpoint.manifest().entries())
        if (entry.kind() != Kind.FOLDER && !isInSubmodule(entry.path())) {
          if (!before.containsKey(entry.path()) && ignoreRules.isIgnored(entry.path())) continue;
          after.put(entry.path(), insert(entry, inserter));
        }
      checkChanges();
      if (after.equals(before)) return base;
      var tree = index().writeTree(inserter);
      inserter.flush();
      return tree;
    }
  }

  private void readBase(ObjectId base) throws IOException {
    try (var walk = new TreeWalk(repository)) {
      walk.addTree(base);
      walk.setRecursive(true);
      while (walk.next()) {
        var entry = new GitEntry(walk.getFileMode(), walk.getObjectId(0));
        before.put(walk.getPathString(), entry);
        if (entry.mode().equals(FileMode.GITLINK)) after.put(walk.getPathString(), entry);
      }
    }
  }

  private IgnoreRules readIgnoreRules() throws IOException {
    var ignoreRules = new IgnoreRules();
    for (var entry : checkpoint.manifest().entries())
      if (entry.kind() == Kind.FILE
          && ("/" + entry.path()).endsWith("/" + IgnoreRules.NAME)
          && entry.size() < IgnoreRules.BYTES_MAX) {
        var content = new ByteArrayOutputStream();
        checkpoint.files().write(entry, content);
        ignoreRules.add(entry.path(), content);
      }
    return ignoreRules;
  }

  /** Returns whether the path is a submodule, or a file in its directory. */
  private boolean isInSubmodule(String path) {
    for (int end = path.length(); end > 0; end = path.lastIndexOf('/', end - 1)) {
      var entry = before.get(path.substring(0, end));
      if (entry != null && entry.mode().equals(FileMode.GITLINK)) return true;
    }
    return false;
  }

  private GitEntry insert(Entry entry, ObjectInserter inserter) throws IOException {
    var known = before.get(entry.path());
    if (entry.kind() == Kind.LINK) return insertLink(entry, known, inserter);
    boolean isExecutable = (entry.mode() & OWNER_EXECUTE) != 0;
    var mode = isExecutable ? FileMode.EXECUTABLE_FILE : FileMode.REGULAR_FILE;
    if (known == null) rules.checkSize(entry.path(), entry.size()); // Before it is read.
    var content = new TemporaryBuffer.LocalFile(repository.getDirectory(), BUFFER_BYTES);
    try {
      try (content) {
        checkpoint.files().write(entry, content);
      }
      ObjectId id;
      try (var in = content.openInputStream()) {
        id = inserter.idFor(Constants.OBJ_BLOB, content.length(), in);
      }
      if (known == null || !known.id().equals(id)) {
        rules.checkSize(entry.path(), entry.size());
        try (var in = content.openInputStream()) {
          inserter.insert(Constants.OBJ_BLOB, content.length(), in);
        }
      }
      return new GitEntry(mode, id);
    } finally {
      content.destroy();
    }
  }

  private GitEntry insertLink(Entry entry, @Nullable GitEntry known, ObjectInserter inserter)
      throws IOException {
    var target = entry.target().getBytes(StandardCharsets.UTF_8);
    var link = new GitEntry(FileMode.SYMLINK, inserter.idFor(Constants.OBJ_BLOB, target));
    if (link.equals(known)) return link;
    rules.checkLink(entry.path(), entry.target());
    inserter.insert(Constants.OBJ_BLOB, target);
    return link;
  }

  private void checkChanges() {
    var paths = new TreeSet<>(before.keySet());
    paths.addAll(after.keySet());
    for (var path : paths) {
      var entry = after.get(path);
      if (entry == null || !entry.equals(before.get(path))) {
        rules.checkPath(path);
        if (entry != null) rules.checkName(path);
      }
    }
    for (var path : after.keySet()) checkParents(path);
  }

  /** Checks that no file has the path of a directory, which a submodule may need. */
  private void checkParents(String path) {
    for (int end = path.lastIndexOf('/'); end > 0; end = path.lastIndexOf('/', end - 1))
      if (after.containsKey(path.substring(0, end)))
        throw ChangeRules.refusal(
            path.substring(0, end), "is in the place of a directory with a submodule");
  }

  private DirCache index() {
    var index = DirCache.newInCore();
    var builder = index.builder();
    after.forEach(
        (path, entry) -> {
          var indexed = new DirCacheEntry(path);
          indexed.setFileMode(entry.mode());
          indexed.setObjectId(entry.id());
          builder.add(indexed);
        });
    builder.finish();
    return index;
  }
}
