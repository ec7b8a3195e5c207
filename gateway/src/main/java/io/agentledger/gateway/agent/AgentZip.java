package io.agentledger.gateway.agent;

import io.agentledger.gateway.support.problem.InvalidRequestException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.util.Arrays;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;

/**
 * Zip archives with the text files of an agent. They are read into memory, and nothing is written
 * to disk.
 */
final class AgentZip {
  static final int FILES_MAX = 200;
  static final int BYTES_MAX = 4 * 1024 * 1024;

  /** Equal agents have equal archives. */
  private static final LocalDateTime TIME = LocalDateTime.of(2026, 1, 1, 0, 0);

  private AgentZip() {}

  static byte[] write(Map<String, String> files) {
    var bytes = new ByteArrayOutputStream();
    try (var zip = new ZipOutputStream(bytes, StandardCharsets.UTF_8)) {
      for (var file : files.entrySet()) {
        var entry = new ZipEntry(file.getKey());
        entry.setTimeLocal(TIME);
        zip.putNextEntry(entry);
        zip.write(file.getValue().getBytes(StandardCharsets.UTF_8));
      }
    } catch (IOException exception) {
      throw new UncheckedIOException(exception);
    }
    return bytes.toByteArray();
  }

  /**
   * Reads the files of an archive; directories and files of the operating system are left out.
   *
   * @return path -> text
   * @throws InvalidRequestException if it is not an archive, too large, or has a file that leads
   *     out of the folder or is not text
   */
  static SortedMap<String, String> read(byte[] archive) {
    var files = new TreeMap<String, String>();
    int remaining = BYTES_MAX;
    int entries = 0;
    try (var zip = new ZipInputStream(new ByteArrayInputStream(archive), StandardCharsets.UTF_8)) {
      for (var entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        if (++entries > FILES_MAX)
          throw InvalidRequestException.body("", "must have at most 200 files and folders");
        requireInside(entry.getName());
        var bytes = zip.readNBytes(remaining + 1);
        remaining -= bytes.length;
        if (remaining < 0)
          throw InvalidRequestException.body("", "must have at most 4 MiB when it is unpacked");
        if (entry.isDirectory() || isOfOperatingSystem(entry.getName())) continue;
        if (files.put(entry.getName(), decode(entry.getName(), bytes)) != null)
          throw InvalidRequestException.body(pointer(entry.getName()), "must be there once");
      }
    } catch (IOException | IllegalArgumentException exception) {
      throw InvalidRequestException.body("", "must be a zip archive");
    }
    if (files.isEmpty()) throw InvalidRequestException.body("", "must be a zip archive with files");
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

  private static String decode(String name, byte[] bytes) {
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
