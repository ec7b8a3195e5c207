package io.agentledger.command.workspace;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveOutputStream;

/** Archives as clients may send them, including hostile ones. */
final class TestArchives {
  private TestArchives() {}

  /** Action on an archive that is being written. */
  interface ArchiveContent<T> {
    void writeTo(T archive) throws IOException;
  }

  static Path tar(Path at, ArchiveContent<TarArchiveOutputStream> archiveContent)
      throws IOException {
    try (var out = Files.newOutputStream(at)) {
      tar(out, archiveContent);
    }
    return at;
  }

  static Path tarGz(Path at, ArchiveContent<TarArchiveOutputStream> archiveContent)
      throws IOException {
    try (var out = new GZIPOutputStream(Files.newOutputStream(at))) {
      tar(out, archiveContent);
    }
    return at;
  }

  private static void tar(OutputStream out, ArchiveContent<TarArchiveOutputStream> archiveContent)
      throws IOException {
    var tar = new TarArchiveOutputStream(out, "UTF-8");
    tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
    archiveContent.writeTo(tar);
    tar.finish();
  }

  static void file(TarArchiveOutputStream tar, String name, String text) throws IOException {
    file(tar, name, 0644, text.getBytes(StandardCharsets.UTF_8));
  }

  static void file(TarArchiveOutputStream tar, String name, int mode, byte[] bytes)
      throws IOException {
    var entry = new TarArchiveEntry(name, TarConstants.LF_NORMAL, true);
    entry.setMode(mode);
    entry.setSize(bytes.length);
    tar.putArchiveEntry(entry);
    tar.write(bytes);
    tar.closeArchiveEntry();
  }

  /** Adds an entry without bytes: a link, a device or a directory. */
  static void other(TarArchiveOutputStream tar, String name, byte kind, String target)
      throws IOException {
    var entry = new TarArchiveEntry(name, kind, true);
    entry.setLinkName(target);
    tar.putArchiveEntry(entry);
    tar.closeArchiveEntry();
  }

  static Path zip(Path at, ArchiveContent<ZipArchiveOutputStream> archiveContent)
      throws IOException {
    try (var zip = new ZipArchiveOutputStream(at)) {
      archiveContent.writeTo(zip);
    }
    return at;
  }

  static void file(ZipArchiveOutputStream zip, String name, int mode, String text)
      throws IOException {
    var entry = new ZipArchiveEntry(name);
    if (mode != 0) entry.setUnixMode(mode);
    zip.putArchiveEntry(entry);
    zip.write(text.getBytes(StandardCharsets.UTF_8));
    zip.closeArchiveEntry();
  }

  /** Returns the bytes that a packer writes. */
  static byte[] bytes(TarGzPacker tarGzPacker) {
    var out = new ByteArrayOutputStream();
    try {
      tarGzPacker.writeTo(out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }
}
