package io.agentledger.command.claude.box;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a workspace has prepared for Claude Code, as far as it is only read: memory, rules, skills,
 * commands, subagents, output styles, and the same of plugins. The CLI gets copies in its own
 * configuration, as if they were its user's: let loose on the workspace itself it would run the
 * hooks, servers and helpers that stand beside them. Links are not followed, here or in imports.
 *
 * @param files place in the CLI's configuration -> content
 */
public record Prepared(SortedMap<String, byte[]> files) {
  static final int FILES_MAX = 1_000;
  static final int BYTES_MAX = 8 * 1024 * 1024;
  private static final int DEPTH_MAX = 8;
  private static final String RULES = "rules/";
  private static final String MEMORY = "CLAUDE.md";
  private static final String PLUGINS = "given-plugins";
  private static final List<String> FOLDERS =
      List.of("rules", "skills", "commands", "agents", "output-styles");
  private static final Set<OpenOption> READ =
      Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
  private static final JsonMapper JSON = JsonMapper.shared();

  /**
   * @param project whether the workspace's own are wanted
   * @param plugins folders of the workspace
   * @throws IOException if it cannot be read, or is more than the CLI should be given
   */
  public static Prepared read(SessionTree session, boolean project, List<String> plugins)
      throws IOException {
    Reading reading = new Reading(session.workspace());
    if (project) {
      for (String folder : FOLDERS) {
        reading.folder(".claude/" + folder, folder);
      }
      Imports imports = new Imports(reading);
      for (String rule : List.copyOf(reading.found.tailMap(RULES).headMap(RULES + "~").keySet())) {
        String text = new String(reading.found.get(rule), StandardCharsets.UTF_8);
        reading.put(rule, imports.in(text, Path.of(rule))); // Rules are memory, too.
      }
      String memory =
          reading.text(MEMORY).map(text -> text + "\n").orElse("")
              + reading.text(".claude/" + MEMORY).orElse("");
      if (!memory.isBlank()) {
        reading.put(MEMORY, imports.in(memory));
      }
    }
    for (int i = 0; i < plugins.size(); i++) {
      reading.plugin(plugins.get(i), PLUGINS + "/" + i);
    }
    return new Prepared(reading.found);
  }

  /** Equal digest, equal files. */
  public String digest() {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      files.forEach(
          (place, content) -> {
            digest.update((place + "\0" + content.length + "\0").getBytes(StandardCharsets.UTF_8));
            digest.update(content);
          });
      return HexFormat.of().formatHex(digest.digest(), 0, 16);
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /** Puts them where the CLI looks, in place of what was there. No process may be alive there. */
  public void stage(SessionTree session) throws IOException {
    Path config = session.home().resolve(".claude");
    if (!Files.exists(config, LinkOption.NOFOLLOW_LINKS)) {
      SessionTree.directory(config, "rwx------");
      session.give(config);
    }
    if (!Files.isDirectory(config, LinkOption.NOFOLLOW_LINKS)) {
      throw new IOException("the CLI's configuration is no folder");
    }
    TreeRemoval.remove(config.resolve(MEMORY));
    TreeRemoval.remove(config.resolve(Imports.FOLDER));
    TreeRemoval.remove(config.resolve(PLUGINS));
    for (String folder : FOLDERS) {
      TreeRemoval.remove(config.resolve(folder));
    }
    for (Map.Entry<String, byte[]> file : files.entrySet()) {
      Path place = config.resolve(file.getKey());
      folders(session, config, Path.of(file.getKey()));
      Files.write(place, file.getValue(), StandardOpenOption.CREATE_NEW);
      session.give(place);
    }
  }

  private static void folders(SessionTree session, Path config, Path file) throws IOException {
    for (int names = 1; names < file.getNameCount(); names++) {
      Path folder = config.resolve(file.subpath(0, names));
      if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
        SessionTree.directory(folder, "rwx------");
        session.give(folder);
      }
    }
  }

  /** Where the CLI finds the plugin of that number. */
  public static Path plugin(BoxView view, int number) {
    return view.config().resolve(PLUGINS).resolve(Integer.toString(number));
  }

  /** Reads one workspace, bounded, and follows no link. */
  static final class Reading {
    private final Path workspace;
    private final SortedMap<String, byte[]> found = new TreeMap<>();
    private long bytes;

    Reading(Path workspace) {
      this.workspace = workspace;
    }

    void put(String place, String text) throws IOException {
      put(place, text.getBytes(StandardCharsets.UTF_8));
    }

    private void put(String place, byte[] content) throws IOException {
      bytes += content.length;
      if (bytes > BYTES_MAX || found.size() >= FILES_MAX) {
        throw new IOException(
            "the workspace has more than 1000 files or 8 MiB prepared for the agent");
      }
      found.put(place, content);
    }

    /** The text of a file; empty where there is none. */
    Optional<String> text(String path) throws IOException {
      Path named = Path.of(path);
      Path parent = named.getParent();
      return at(parent == null ? "" : parent.toString(), in -> content(in, named.getFileName()))
          .map(content -> new String(content, StandardCharsets.UTF_8));
    }

    void folder(String path, String place) throws IOException {
      at(path, in -> copy(in, place, 1));
    }

    /** Of a plugin's manifest only what it is called: it could name hooks, servers and helpers. */
    void plugin(String path, String place) throws IOException {
      for (String folder : FOLDERS) {
        folder(path + "/" + folder, place + "/" + folder);
      }
      Optional<String> manifest = text(path + "/.claude-plugin/plugin.json");
      if (manifest.isPresent()) {
        put(place + "/.claude-plugin/plugin.json", called(manifest.get()));
      }
    }

    private static String called(String manifest) {
      try {
        Map<String, String> kept = new LinkedHashMap<>();
        var read = JSON.readTree(manifest);
        for (String field : List.of("name", "version", "description")) {
          read.path(field).asStringOpt().ifPresent(value -> kept.put(field, value));
        }
        return JSON.writeValueAsString(kept);
      } catch (JacksonException unreadable) {
        return manifest; // The CLI says what is wrong with it.
      }
    }

    private interface Look<T> {
      Optional<T> in(SecureDirectoryStream<Path> folder) throws IOException;
    }

    private <T> Optional<T> at(String path, Look<T> look) throws IOException {
      if (!Files.isDirectory(workspace, LinkOption.NOFOLLOW_LINKS)) {
        return Optional.empty();
      }
      try (var top = secure(Files.newDirectoryStream(workspace))) {
        return descend(top, Path.of(path), look);
      } catch (FileSystemException absent) {
        return Optional.empty(); // Or something else stands there, which is not what is meant.
      }
    }

    private static <T> Optional<T> descend(SecureDirectoryStream<Path> in, Path path, Look<T> look)
        throws IOException {
      if (path.toString().isEmpty()) {
        return look.in(in);
      }
      try (var next = in.newDirectoryStream(path.getName(0), LinkOption.NOFOLLOW_LINKS)) {
        return path.getNameCount() == 1
            ? look.in(next)
            : descend(next, path.subpath(1, path.getNameCount()), look);
      }
    }

    private static SecureDirectoryStream<Path> secure(DirectoryStream<Path> stream)
        throws IOException {
      if (stream instanceof SecureDirectoryStream<Path> secure) {
        return secure;
      }
      stream.close();
      throw new IOException("this file system cannot open folders relative to one another");
    }

    private Optional<Void> copy(SecureDirectoryStream<Path> folder, String place, int depth)
        throws IOException {
      for (Path entry : folder) {
        try {
          copy(folder, entry.getFileName(), place, depth);
        } catch (FileSystemException gone) {
          // It vanished, or became something else: the others are still there.
        }
      }
      return Optional.empty();
    }

    private void copy(SecureDirectoryStream<Path> folder, Path name, String place, int depth)
        throws IOException {
      var attributes =
          folder
              .getFileAttributeView(name, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
              .readAttributes();
      if (attributes.isDirectory() && depth < DEPTH_MAX) {
        try (var inside = folder.newDirectoryStream(name, LinkOption.NOFOLLOW_LINKS)) {
          copy(inside, place + "/" + name, depth + 1);
        }
      } else if (attributes.isRegularFile()) {
        Optional<byte[]> content = content(folder, name);
        if (content.isPresent()) {
          put(place + "/" + name, content.get());
        }
      }
    }

    private static Optional<byte[]> content(SecureDirectoryStream<Path> folder, Path name)
        throws IOException {
      var attributes =
          folder
              .getFileAttributeView(name, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
              .readAttributes();
      if (!attributes.isRegularFile()) {
        return Optional.empty(); // A pipe would never end.
      }
      try (InputStream in = Channels.newInputStream(folder.newByteChannel(name, READ))) {
        return Optional.of(in.readNBytes(BYTES_MAX + 1));
      }
    }
  }
}
