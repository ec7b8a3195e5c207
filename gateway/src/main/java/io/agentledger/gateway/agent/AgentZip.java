package io.agentledger.gateway.agent;

import io.agentledger.gateway.support.problem.InvalidRequestException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.util.Arrays;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipFile;
import org.apache.commons.compress.utils.SeekableInMemoryByteChannel;

/**
 * Zip archives with the files of an agent. They are read into memory, by their central directory,
 * and nothing is written to disk.
 */
final class AgentZip {
  static final int FILES_MAX = 200;
  static final int BYTES_MAX = 4 * 1024 * 1024;

  /** Equal agents have equal archives. */
  private static final LocalDateTime TIME = LocalDateTime.of(2026, 1, 1, 0, 0);

  private AgentZip() {}

  static byte[] write(Map<String, byte[]> files) {
    var bytes = new ByteArrayOutputStream();
    try (var zip = new ZipOutputStream(bytes, StandardCharsets.UTF_8)) {
      for (var file : files.entrySet()) {
        var entry = new ZipEntry(file.getKey());
        entry.setTimeLocal(TIME);
        zip.putNextEntry(entry);
        zip.write(file.getValue());
      }
    } catch (IOException exception) {
      throw new UncheckedIOException(exception);
    }
    return bytes.toByteArray();
  }

  /**
   * Reads the files of an archive; directories and files of the operating system are left out.
   *
   * @return path -> content
   * @throws InvalidRequestException if it is not an archive, too large, or has a link or a file
   *     that leads out of the folder
   */
  static SortedMap<String, byte[]> read(byte[] archive) {
    var files = new TreeMap<String, byte[]>();
    try (var zip =
        ZipFile.builder().setSeekableByteChannel(new SeekableInMemoryByteChannel(archive)).get()) {
      read(zip, files);
    } catch (InvalidRequestException exception) {
      throw exception;
    } catch (IOException | RuntimeException malformed) { // The library throws several.
      throw InvalidRequestException.body("", "must be a zip archive");
    }
    if (files.isEmpty()) throw InvalidRequestException.body("", "must be a zip archive with files");
    return files;
  }

  private static void read(ZipFile zip, Map<String, byte[]> files) throws IOException {
    int remaining = BYTES_MAX;
    int entries = 0;
    for (var entry : Collections.list(zip.getEntries())) {
      if (++entries > FILES_MAX)
        throw InvalidRequestException.body("", "must have at most 200 files and folders");
      // The library replaces backslashes in its name.
      var name = new String(entry.getRawName(), StandardCharsets.UTF_8);
      requireInside(name);
      if (name.endsWith("/") || isOfOperatingSystem(name)) continue;
      if (entry.isUnixSymlink())
        throw InvalidRequestException.body(pointer(name), "must not be a link");
      var bytes = readFile(zip, entry, remaining + 1);
      remaining -= bytes.length;
      if (remaining < 0)
        throw InvalidRequestException.body("", "must have at most 4 MiB when it is unpacked");
      if (files.put(name, bytes) != null)
        throw InvalidRequestException.body(pointer(name), "must be there once");
    }
  }

  private static byte[] readFile(ZipFile zip, ZipArchiveEntry entry, int limit) throws IOException {
    try (var content = zip.getInputStream(entry)) {
      return content.readNBytes(limit);
    }
  }

  /**
   * Returns the files as texts.
   *
   * @throws InvalidRequestException if one is not text
   */
  static SortedMap<String, String> decode(SortedMap<String, byte[]> files) {
    var texts = new TreeMap<String, String>();
    files.forEach((file, bytes) -> texts.put(file, decode(file, bytes)));
    return texts;
  }

  /** Returns the texts as files. */
  static SortedMap<String, byte[]> encode(Map<String, String> texts) {
    var files = new TreeMap<String, byte[]>();
    texts.forEach((file, text) -> files.put(file, text.getBytes(StandardCharsets.UTF_8)));
    return files;
  }

  /** Returns the position of a file in the archive as a JSON Pointer. */
  static String pointer(String file) {
    return "/" + file.replace("~", "~0").replace("/", "~1");
  }

  private static void requireInside(String name) {
    var path = name.endsWith("/") ? name.substring(0, name.length() - 1) : name;
    boolean isInside =
        path.chars().noneMatch(c -> c < ' ' || c == '\\')
            && Arrays.stream(path.split("/", -1))
                .noneMatch(step -> step.isEmpty() || step.equals(".") || step.equals(".."));
    if (!isInside)
      throw InvalidRequestException.body("", "must not have a file that leads out of the folder");
  }

  private static boolean isOfOperatingSystem(String name) {
    return name.startsWith("__MACOSX/") || name.equals(".DS_Store") || name.endsWith("/.DS_Store");
  }

  private static boolean isControl(int character) {
    return Character.isISOControl(character) && "\t\n\r".indexOf(character) < 0;
  }

  static String decode(String name, byte[] bytes) {
    try {
      var text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      if (text.chars().noneMatch(AgentZip::isControl)) return text;
      throw InvalidRequestException.body(
          pointer(name), "must be text without control characters other than tabs and line ends");
    } catch (CharacterCodingException exception) {
      throw InvalidRequestException.body(pointer(name), "must be text in UTF-8");
    }
  }
}
