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

/** Archives as somebody may send them, the hostile ones included. */
final class Archives {
  private Archives() {}

  /** What is done to an archive that is being written. */
  interface Writing<T> {
    void into(T archive) throws IOException;
  }

  static Path tar(Path at, Writing<TarArchiveOutputStream> writing) throws IOException {
    try (var out = Files.newOutputStream(at)) {
      tar(out, writing);
    }
    return at;
  }

  static Path tarGz(Path at, Writing<TarArchiveOutputStream> writing) throws IOException {
    try (var out = new GZIPOutputStream(Files.newOutputStream(at))) {
      tar(out, writing);
    }
    return at;
  }

  private static void tar(OutputStream out, Writing<TarArchiveOutputStream> writing)
      throws IOException {
    var tar = new TarArchiveOutputStream(out, "UTF-8");
    tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
    writing.into(tar);
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

  /** Without bytes: a link, a device, a folder. */
  static void other(TarArchiveOutputStream tar, String name, byte kind, String target)
      throws IOException {
    var entry = new TarArchiveEntry(name, kind, true);
    entry.setLinkName(target);
    tar.putArchiveEntry(entry);
    tar.closeArchiveEntry();
  }

  static Path zip(Path at, Writing<ZipArchiveOutputStream> writing) throws IOException {
    try (var zip = new ZipArchiveOutputStream(at)) {
      writing.into(zip);
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

  /** What a packing writes. */
  static byte[] bytes(TarGzPacker tarGzPacker) {
    var out = new ByteArrayOutputStream();
    try {
      tarGzPacker.into(out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }
}
