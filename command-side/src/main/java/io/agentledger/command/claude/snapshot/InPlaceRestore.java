package io.agentledger.command.claude.snapshot;

import io.agentledger.api.session.SessionId;
import io.agentledger.command.claude.sandbox.OwnerScriptRunner;
import io.agentledger.command.claude.sandbox.SessionPaths;
import io.agentledger.command.claude.snapshot.Manifest.Entry;
import io.agentledger.command.claude.snapshot.Manifest.Kind;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

/**
 * Restores a bound directory from a snapshot, by scripts that run as its owner: changed files are
 * rewritten, new files are removed, all others are not touched. Directories of git are left as they
 * are, and so are entries that are never stored: pipes, sockets and unreadable files.
 */
record InPlaceRestore(SessionPaths files, OwnerScriptRunner ownerScripts, SnapshotSettings limits) {
  /** Deletes files and empty directories; a directory that is not empty stays. */
  private static final String REMOVE = "xargs -0 -r rm -fd -- 2>&1 || :";

  private static final String WRITE = "exec tar -xpf - --no-same-owner";

  /** Restores the directory with content from the snapshot reader. */
  void restore(SessionId session, Manifest manifest, SnapshotReader snapshotReader)
      throws IOException {
    var target = manifest.withoutGit();
    var live = scanLive();
    var removed = findRemoved(live, target);
    if (!removed.isEmpty())
      ownerScripts.run(files, REMOVE, List.of(), out -> writeNames(removed, out));
    var changed = findChanged(live, target);
    if (!changed.isEmpty())
      ownerScripts.run(
          files, WRITE, List.of(), out -> write(changed, session, manifest, snapshotReader, out));
    requireComplete(target);
  }

  private Manifest scanLive() throws IOException {
    return LiveTreeScanner.scan(files.workspace(), limits).withoutGit();
  }

  /** Returns the entries to remove, deepest first. */
  private static List<String> findRemoved(Manifest live, Manifest target) {
    var targetByPath = target.byPath();
    return live.entries().reversed().stream()
        .filter(
            entry ->
                Optional.ofNullable(targetByPath.get(entry.path()))
                    .filter(other -> other.kind() == entry.kind())
                    .isEmpty())
        .map(Entry::path)
        .toList();
  }

  private static void writeNames(List<String> paths, OutputStream out) throws IOException {
    for (var path : paths) out.write(("./" + path + "\0").getBytes(StandardCharsets.UTF_8));
  }

  private static List<Entry> findChanged(Manifest live, Manifest target) {
    var liveByPath = live.byPath();
    return target.entries().stream()
        .filter(
            entry ->
                Optional.ofNullable(liveByPath.get(entry.path()))
                    .filter(entry::hasSameContent)
                    .isEmpty())
        .toList();
  }

  private static void write(
      List<Entry> entries,
      SessionId session,
      Manifest manifest,
      SnapshotReader snapshotReader,
      OutputStream out)
      throws IOException {
    var tar = new TarArchiveOutputStream(out, StandardCharsets.UTF_8.name());
    tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
    tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
    tar.setAddPaxHeadersForNonAsciiNames(true);
    var treeWriter = snapshotReader.writerFor(session, manifest);
    for (var entry : entries) {
      tar.putArchiveEntry(header(entry));
      if (entry.kind() == Kind.FILE) treeWriter.write(entry, tar);
      tar.closeArchiveEntry();
    }
    tar.finish();
    out.flush();
  }

  private static TarArchiveEntry header(Entry entry) {
    var kind =
        switch (entry.kind()) {
          case FILE -> TarConstants.LF_NORMAL;
          case FOLDER -> TarConstants.LF_DIR;
          case LINK -> TarConstants.LF_SYMLINK;
        };
    var path = "./" + entry.path() + (entry.kind() == Kind.FOLDER ? "/" : "");
    var header = new TarArchiveEntry(path, kind);
    header.setMode(entry.kind() == Kind.LINK ? 0777 : entry.mode());
    header.setModTime(FileTime.fromMillis(entry.modifiedMillis()));
    header.setLinkName(entry.target());
    if (entry.kind() == Kind.FILE) header.setSize(entry.size());
    return header;
  }

  private void requireComplete(Manifest target) throws IOException {
    var live = scanLive();
    var files = live.entries().stream().filter(entry -> entry.kind() != Kind.FOLDER).toList();
    var differing = new ArrayList<>(findRemoved(new Manifest(List.of(), files), target));
    findChanged(live, target).forEach(entry -> differing.add(entry.path()));
    if (!differing.isEmpty())
      throw new IOException(
          differing.size() + " files of the bound directory could not be restored");
  }
}
