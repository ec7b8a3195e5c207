package io.agentledger.command.workspace;

import io.agentledger.api.shared.Page;
import io.agentledger.api.shared.Rejection.NotFound;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.api.shared.WorkspaceRejection.WorkspaceRefused;
import io.agentledger.api.workspace.FilePath;
import io.agentledger.api.workspace.FileView;
import io.agentledger.api.workspace.FileView.FileType;
import io.agentledger.api.workspace.WorkspaceFiles.OpenFile;
import io.agentledger.command.claude.snapshot.Manifest;
import io.agentledger.command.claude.snapshot.Manifest.Entry;
import io.agentledger.command.claude.snapshot.Manifest.Kind;
import io.agentledger.command.workspace.ManifestDiff.State;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Workspace as a checkpoint contains it.
 *
 * @param takenAt shown as the time of what has no time of its own
 */
record PastWorkspace(State state, Instant takenAt) {
  /** Lists a directory by name. */
  Page<FileView> list(List<String> folder, @Nullable String after, int limit) {
    var content = contentOf(folder);
    var names = after == null ? content : content.tailMap(after, false);
    var views = names.values().stream().limit(limit).map(this::view).toList();
    if (names.size() <= limit) return new Page<>(views, null);
    return new Page<>(views, names.keySet().stream().skip(limit - 1L).findFirst().orElseThrow());
  }

  private NavigableMap<String, Entry> contentOf(List<String> folder) {
    var path = String.join("/", folder);
    if (!folder.isEmpty() && find(path).kind() != Kind.FOLDER)
      throw new RejectionException(new WorkspaceRefused("not_a_folder", "Not a folder: " + path));
    var prefix = folder.isEmpty() ? "" : path + "/";
    var content = new TreeMap<String, Entry>();
    for (var entry : manifest().entries())
      if (entry.path().startsWith(prefix) && entry.path().indexOf('/', prefix.length()) < 0)
        content.put(entry.path().substring(prefix.length()), entry);
    return content;
  }

  /**
   * Opens a copy of a file.
   *
   * @param copy empty file, which is deleted when the returned one is closed
   */
  OpenFile open(FilePath path, Path copy) throws IOException {
    var entry = find(path.toString());
    if (entry.kind() != Kind.FILE)
      throw new RejectionException(new WorkspaceRefused("not_a_file", "Not a file: " + path));
    try (var out = new BufferedOutputStream(Files.newOutputStream(copy))) {
      state.contents().write(entry, out);
    }
    return new OpenFile(
        view(entry),
        Files.newByteChannel(copy, StandardOpenOption.READ, StandardOpenOption.DELETE_ON_CLOSE));
  }

  private Manifest manifest() {
    return state.manifest();
  }

  private Entry find(String path) {
    return manifest().entries().stream()
        .filter(entry -> entry.path().equals(path))
        .findFirst()
        .orElseThrow(() -> new RejectionException(new NotFound("file", path)));
  }

  private FileView view(Entry entry) {
    return switch (entry.kind()) {
      case FILE ->
          new FileView(
              entry.path(),
              FileType.FILE,
              entry.size(),
              Instant.ofEpochMilli(entry.modifiedMillis()),
              etag(entry));
      case FOLDER -> new FileView(entry.path(), FileType.FOLDER, 0, takenAt, "");
      case LINK -> new FileView(entry.path(), FileType.LINK, 0, takenAt, "");
    };
  }

  private static String etag(Entry file) {
    try {
      var digest = MessageDigest.getInstance("SHA-256");
      for (var chunk : file.chunks())
        digest.update(chunk.sha256().getBytes(StandardCharsets.US_ASCII));
      return HexFormat.of().formatHex(digest.digest(), 0, 16);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
