package io.agentledger.store.postgres;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.net.URLConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.UUID;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;
import org.springframework.util.FileSystemUtils;

/** Programs of PostgreSQL, unpacked once from the class path; safe for concurrent processes. */
final class PostgresBinaries {
  private static final String ARCHIVE = "/postgres-linux-x86_64.txz";

  private final Path root;

  private PostgresBinaries(Path root) {
    this.root = root;
  }

  /** Unpacks them below {@code parent}, unless that version exists already. */
  static PostgresBinaries unpackInto(Path parent) {
    URL archive = PostgresBinaries.class.getResource(ARCHIVE);
    if (archive == null)
      throw new PostgresException(
          "there is no embedded PostgreSQL for this platform; set spring.datasource.url to "
              + "an external database");
    try {
      URLConnection source = archive.openConnection();
      Path unpacked = parent.toAbsolutePath().normalize().resolve(nameOf(source));
      if (!Files.isDirectory(unpacked)) unpack(source, unpacked);
      return new PostgresBinaries(unpacked);
    } catch (IOException e) {
      throw new PostgresException("cannot unpack PostgreSQL below " + parent + ": " + e, e);
    }
  }

  private static String nameOf(URLConnection source) {
    return "postgres-%x-%x".formatted(source.getContentLengthLong(), source.getLastModified());
  }

  private static void unpack(URLConnection source, Path target) throws IOException {
    Path unfinished = target.resolveSibling("unpacking-" + UUID.randomUUID());
    Files.createDirectories(unfinished);
    try (InputStream packed = new BufferedInputStream(source.getInputStream(), 1 << 16);
        var tar = new TarArchiveInputStream(new XZCompressorInputStream(packed))) {
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry())
        extract(entry, tar, unfinished);
      Files.move(unfinished, target, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      if (!Files.isDirectory(target)) throw e; // Another process was first.
    } finally {
      FileSystemUtils.deleteRecursively(unfinished);
    }
  }

  private static void extract(TarArchiveEntry entry, InputStream bytes, Path root)
      throws IOException {
    Path file = root.resolve(entry.getName()).normalize();
    if (!file.startsWith(root))
      throw new IOException("archive entry outside of the target directory: " + entry.getName());
    if (entry.isDirectory()) {
      Files.createDirectories(file);
      return;
    }
    Files.createDirectories(file.resolveSibling("."));
    if (entry.isSymbolicLink()) {
      Files.createSymbolicLink(file, Path.of(entry.getLinkName()));
    } else {
      Files.copy(bytes, file);
      boolean executable = (entry.getMode() & 0100) != 0;
      Files.setPosixFilePermissions(
          file, PosixFilePermissions.fromString(executable ? "rwxr-xr-x" : "rw-r--r--"));
    }
  }

  String initdb() {
    return program("initdb");
  }

  String pgCtl() {
    return program("pg_ctl");
  }

  private String program(String name) {
    return root.resolve("bin").resolve(name).toString();
  }
}
