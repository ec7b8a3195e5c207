package io.agentledger.command.claude.projectconfig;

import io.agentledger.command.support.SecureDirectories;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads one workspace, bounded, as far as its agent may read it, and follows no link. What it does
 * not read it names.
 */
final class ProjectConfigReader {
  private static final int DEPTH_MAX = 8;
  private static final JsonMapper JSON = JsonMapper.shared();

  /** Stands for a manifest that is no JSON, or more of it than we read; it is none, either. */
  private static final String UNREADABLE = "This manifest cannot be read.";

  /** More files are not named one by one: words behind an @ are cheap to write. */
  private static final int LEFT_OUT_MAX = 100;

  private final Path workspace;
  private final ImportPolicy importPolicy;
  private final SortedMap<String, byte[]> found = new TreeMap<>();
  private final SortedMap<String, String> leftOut = new TreeMap<>();
  private long bytes;

  /**
   * @param importPolicy is asked about each file
   */
  ProjectConfigReader(Path workspace, ImportPolicy importPolicy) {
    this.workspace = workspace;
    this.importPolicy = importPolicy;
  }

  /** File, below the workspace or as it was named -> why it is not given to the CLI. */
  SortedMap<String, String> leftOut() {
    return leftOut;
  }

  void leaveOut(String file, String reason) {
    if (leftOut.size() < LEFT_OUT_MAX) {
      leftOut.put(file, reason);
    } else {
      leftOut.putIfAbsent("other files", "more than " + LEFT_OUT_MAX + " are left out");
    }
  }

  /** Place in the CLI's configuration -> content. */
  SortedMap<String, byte[]> files() {
    return found;
  }

  void putFile(String target, String text) throws IOException {
    putFile(target, text.getBytes(StandardCharsets.UTF_8));
  }

  private void putFile(String target, byte[] content) throws IOException {
    bytes += content.length;
    if (bytes > ProjectConfig.BYTES_MAX || found.size() >= ProjectConfig.FILES_MAX) {
      throw new IOException(
          "the workspace has more than 1000 files or 8 MiB prepared for the agent");
    }
    found.put(target, content);
  }

  /** The text of a file; empty where there is none. */
  Optional<String> readText(String path) throws IOException {
    Path named = Path.of(path);
    Path parent = named.getParent();
    return inDirectory(parent == null ? "" : parent.toString(), in -> readContent(in, named))
        .map(content -> new String(content, StandardCharsets.UTF_8));
  }

  void copyFolder(String path, String target) throws IOException {
    inDirectory(path, in -> copy(in, Path.of(path), target, 1));
  }

  /** Of a plugin's manifest only what it is called: it could name hooks, servers and helpers. */
  void copyPlugin(String path, String target) throws IOException {
    for (String folder : ProjectConfig.FOLDERS) {
      copyFolder(path + "/" + folder, target + "/" + folder);
    }
    Optional<String> manifest = readText(path + "/.claude-plugin/plugin.json");
    if (manifest.isPresent()) {
      putFile(target + "/.claude-plugin/plugin.json", publicManifest(manifest.get()));
    }
  }

  /** As its manifest says, or else of its folder. */
  String pluginName(String path) throws IOException {
    String folder = String.valueOf(Path.of(path).getFileName());
    return readText(path + "/.claude-plugin/plugin.json")
        .map(ProjectConfigReader::publicManifest)
        .filter(manifest -> !manifest.equals(UNREADABLE))
        .map(manifest -> JSON.readTree(manifest).path("name").asString(folder))
        .orElse(folder);
  }

  private static String publicManifest(String manifest) {
    try {
      Map<String, String> fields = new LinkedHashMap<>();
      var read = JSON.readTree(manifest);
      for (String field : List.of("name", "version", "description")) {
        read.path(field).asStringOpt().ifPresent(value -> fields.put(field, value));
      }
      return JSON.writeValueAsString(fields);
    } catch (JacksonException unreadable) {
      return UNREADABLE; // The CLI may read what we do not, and says what is wrong with this.
    }
  }

  private <T> Optional<T> inDirectory(
      String path, SecureDirectories.SecureDirectoryOperation<Optional<T>> look)
      throws IOException {
    if (!Files.isDirectory(workspace, LinkOption.NOFOLLOW_LINKS)) {
      return Optional.empty();
    }
    try {
      return SecureDirectories.inDirectory(workspace, pathSteps(path), look);
    } catch (FileSystemException absent) {
      return Optional.empty(); // Or something else stands there, which is not what is meant.
    }
  }

  private static List<Path> pathSteps(String path) {
    List<Path> steps = new ArrayList<>();
    if (!path.isEmpty()) {
      Path.of(path).forEach(steps::add);
    }
    return steps;
  }

  private Optional<Void> copy(
      SecureDirectoryStream<Path> folder, Path path, String target, int depth) throws IOException {
    for (Path entry : folder) {
      try {
        copyEntry(folder, path.resolve(entry.getFileName()), target, depth);
      } catch (FileSystemException gone) {
        // It vanished, or became something else: the others are still there.
      }
    }
    return Optional.empty();
  }

  private void copyEntry(SecureDirectoryStream<Path> folder, Path path, String target, int depth)
      throws IOException {
    Path name = path.getFileName();
    var attributes = SecureDirectories.readAttributes(folder, name);
    if (attributes.isDirectory() && depth < DEPTH_MAX) {
      try (var inside = SecureDirectories.open(folder, name)) {
        copy(inside, path, target + "/" + name, depth + 1);
      }
    } else {
      Optional<byte[]> content = readContent(folder, path);
      if (content.isPresent()) {
        putFile(target + "/" + name, content.get());
      }
    }
  }

  private Optional<byte[]> readContent(SecureDirectoryStream<Path> folder, Path path)
      throws IOException {
    Path name = path.getFileName();
    var attributes = SecureDirectories.readAttributes(folder, name);
    if (attributes.isSymbolicLink()) {
      leaveOut(path.toString(), "it is a link, and links are not followed");
    }
    if (!attributes.isRegularFile()) {
      return Optional.empty(); // A pipe would never end.
    }
    Optional<String> denial = importPolicy.denial(path);
    if (denial.isPresent()) {
      leaveOut(path.toString(), denial.get());
      return Optional.empty();
    }
    try (SeekableByteChannel channel = SecureDirectories.openFile(folder, name);
        InputStream in = Channels.newInputStream(channel)) {
      if (!SecureDirectories.isSeekable(channel)) {
        return Optional.empty(); // A pipe, put there just now.
      }
      return Optional.of(in.readNBytes(ProjectConfig.BYTES_MAX + 1));
    }
  }
}
