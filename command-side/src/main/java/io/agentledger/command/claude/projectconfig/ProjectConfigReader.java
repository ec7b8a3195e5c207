package io.agentledger.command.claude.projectconfig;

import io.agentledger.command.support.SecureDirectories;
import io.agentledger.store.support.UntrustedJson;
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
 * Reads the configuration files of one workspace that its agent may read, up to a limit, without
 * following links. It lists the files that it leaves out.
 */
final class ProjectConfigReader {
  private static final int DEPTH_MAX = 8;
  private static final JsonMapper JSON = UntrustedJson.MAPPER;

  /** Replaces a manifest that is not JSON or too large. It is not JSON either. */
  private static final String UNREADABLE = "This manifest cannot be read.";

  /**
   * Maximum number of files that are listed individually, because a text may contain any number of
   * words after an @.
   */
  private static final int LEFT_OUT_MAX = 100;

  private final Path workspace;
  private final ImportPolicy importPolicy;
  private final SortedMap<String, byte[]> found = new TreeMap<>();
  private final SortedMap<String, String> leftOut = new TreeMap<>();
  private long bytes;

  /**
   * @param importPolicy decides which files may be read
   */
  ProjectConfigReader(Path workspace, ImportPolicy importPolicy) {
    this.workspace = workspace;
    this.importPolicy = importPolicy;
  }

  /**
   * Returns the files that the CLI does not get, relative to the workspace or as they were written
   * -> reason.
   */
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

  /** Returns path in the CLI's configuration -> content. */
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
          "the workspace has more than 1000 configuration files for the agent, or more than 8 MiB of them");
    }
    found.put(target, content);
  }

  /** Returns the text of a file; empty if there is none. */
  Optional<String> readText(String path) throws IOException {
    Path named = Path.of(path);
    Path parent = named.getParent();
    return inDirectory(parent == null ? "" : parent.toString(), in -> readContent(in, named))
        .map(content -> new String(content, StandardCharsets.UTF_8));
  }

  void copyFolder(String path, String target) throws IOException {
    inDirectory(path, in -> copy(in, Path.of(path), target, 1));
  }

  /**
   * Copies a plugin. Of its manifest only name, version and description are copied, because it
   * could also define hooks, servers and helper programs.
   */
  void copyPlugin(String path, String target) throws IOException {
    for (String folder : ProjectConfig.FOLDERS) {
      copyFolder(path + "/" + folder, target + "/" + folder);
    }
    Optional<String> manifest = readText(path + "/.claude-plugin/plugin.json");
    if (manifest.isPresent()) {
      putFile(target + "/.claude-plugin/plugin.json", publicManifest(manifest.get()));
    }
  }

  /** Returns the name from the plugin's manifest, or else of its directory. */
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
      return UNREADABLE; // The CLI reports the error.
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
      return Optional.empty(); // Missing, or not a regular file.
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
        // It was deleted or replaced; continue with the others.
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
      return Optional.empty(); // Reading a pipe would never end.
    }
    Optional<String> denial = importPolicy.denial(path);
    if (denial.isPresent()) {
      leaveOut(path.toString(), denial.get());
      return Optional.empty();
    }
    try (SeekableByteChannel channel = SecureDirectories.openFile(folder, name);
        InputStream in = Channels.newInputStream(channel)) {
      if (!SecureDirectories.isSeekable(channel)) {
        return Optional.empty(); // It was just replaced by a pipe.
      }
      return Optional.of(in.readNBytes(ProjectConfig.BYTES_MAX + 1));
    }
  }
}
