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
 * Makes a folder that a session works in hold again what was kept of it: what differs is written by
 * its owner's hand, what has come since is removed, and all else is not touched. What git keeps is
 * left as it is, and so is what is never kept: pipes, sockets, what nobody may read.
 */
record InPlaceRestore(SessionPaths files, OwnerScriptRunner hand, SnapshotSettings limits) {
  /** A folder that something is left in stays. */
  private static final String REMOVE = "xargs -0 -r rm -fd -- 2>&1 || :";

  private static final String WRITE = "exec tar -xpf - --no-same-owner";

  /** Its bytes by the tree. */
  void to(SessionId session, Manifest kept, SnapshotReader snapshotReader) throws IOException {
    var wanted = kept.besideGit();
    var live = live();
    var gone = gone(live, wanted);
    if (!gone.isEmpty()) hand.run(files, REMOVE, List.of(), out -> writeNames(gone, out));
    var fresh = fresh(live, wanted);
    if (!fresh.isEmpty())
      hand.run(files, WRITE, List.of(), out -> write(fresh, session, kept, snapshotReader, out));
    requireComplete(wanted);
  }

  private Manifest live() throws IOException {
    return LiveTreeScanner.scan(files.workspace(), limits).besideGit();
  }

  /** Deepest first. */
  private static List<String> gone(Manifest live, Manifest wanted) {
    var stays = wanted.byPath();
    return live.entries().reversed().stream()
        .filter(
            entry ->
                Optional.ofNullable(stays.get(entry.path()))
                    .filter(other -> other.kind() == entry.kind())
                    .isEmpty())
        .map(Entry::path)
        .toList();
  }

  private static void writeNames(List<String> paths, OutputStream out) throws IOException {
    for (var path : paths) out.write(("./" + path + "\0").getBytes(StandardCharsets.UTF_8));
  }

  private static List<Entry> fresh(Manifest live, Manifest wanted) {
    var there = live.byPath();
    return wanted.entries().stream()
        .filter(
            entry ->
                Optional.ofNullable(there.get(entry.path())).filter(entry::holdsWhat).isEmpty())
        .toList();
  }

  private static void write(
      List<Entry> entries,
      SessionId session,
      Manifest kept,
      SnapshotReader snapshotReader,
      OutputStream out)
      throws IOException {
    var tar = new TarArchiveOutputStream(out, StandardCharsets.UTF_8.name());
    tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
    tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
    tar.setAddPaxHeadersForNonAsciiNames(true);
    var treeWriter = snapshotReader.writing(session, kept);
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

  private void requireComplete(Manifest wanted) throws IOException {
    var live = live();
    var files = live.entries().stream().filter(entry -> entry.kind() != Kind.FOLDER).toList();
    var wrong = new ArrayList<>(gone(new Manifest(List.of(), files), wanted));
    fresh(live, wanted).forEach(entry -> wrong.add(entry.path()));
    if (!wrong.isEmpty())
      throw new IOException(wrong.size() + " files of the folder could not be put back");
  }
}
