package io.agentledger.command.claude.sandbox;

import io.agentledger.store.DurableFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.util.List;
import java.util.Map;

/**
 * The /etc of every sandbox: files written by the service, and copies of the files that the
 * distribution's programs need to start. It contains no accounts, keys, tokens or network settings
 * of the host. It is updated file by file, because running sandboxes have it mounted.
 */
final class EtcDirectory {
  /** Generated files. Each session replaces the first two by its own. */
  private static final Map<String, String> MADE =
      Map.of(
          "passwd",
          "",
          "group",
          "",
          "hostname",
          "agent\n",
          "hosts",
          "127.0.0.1 localhost agent\n::1 localhost\n",
          "nsswitch.conf",
          "passwd: files\ngroup: files\nhosts: files\nservices: files\nprotocols: files\n",
          "resolv.conf",
          "# Names are looked up by the sandbox's proxy, where there is one.\n",
          "shells",
          "/bin/sh\n/bin/bash\n");

  /** Copied paths: links to programs, the loader, certificates, and settings of packages. */
  private static final List<String> COPIED =
      List.of(
          "alternatives",
          "crypto-policies",
          "debian_version",
          "fonts",
          "ld.so.cache",
          "ld.so.conf",
          "ld.so.conf.d",
          "localtime",
          "magic",
          "maven/logging",
          "maven/m2.conf",
          "mime.types",
          "mtab",
          "os-release",
          "perl",
          "pki/ca-trust/extracted",
          "pki/java",
          "pki/tls/cert.pem",
          "pki/tls/certs",
          "pki/tls/openssl.cnf",
          "protocols",
          "services",
          "ssl/cert.pem",
          "ssl/certs",
          "ssl/openssl.cnf",
          "terminfo");

  /** Copied paths of packages that have their version in the name. */
  private static final String COPIED_VERSIONS = "{java,python3,php,ImageMagick}*";

  private final Path directory;
  private final Path host;

  private EtcDirectory(Path directory, Path host) {
    this.directory = directory;
    this.host = host;
  }

  /**
   * Creates or updates the directory.
   *
   * @param host the host's /etc
   */
  static void write(Path directory, Path host) throws IOException {
    SessionPaths.createDirectory(directory, "rwxr-xr-x");
    EtcDirectory etc = new EtcDirectory(directory, host);
    for (Map.Entry<String, String> file : MADE.entrySet()) {
      writeFile(directory.resolve(file.getKey()), file.getValue());
    }
    for (String name : COPIED) {
      etc.copy(host.resolve(name));
    }
    try (DirectoryStream<Path> versions = Files.newDirectoryStream(host, COPIED_VERSIONS)) {
      for (Path version : versions) {
        etc.copy(version);
      }
    }
  }

  /** Writes a world-readable file, unless it already has this content. */
  static void writeFile(Path file, String text) throws IOException {
    if (Files.exists(file) && Files.readString(file).equals(text)) {
      return;
    }
    DurableFiles.write(file, text.getBytes(StandardCharsets.UTF_8), "rw-r--r--");
  }

  private void copy(Path source) throws IOException {
    if (!Files.exists(source, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    Path parent = directory;
    for (Path folder : host.relativize(source.getParent())) {
      parent = parent.resolve(folder);
      SessionPaths.createDirectory(parent, "rwxr-xr-x");
    }
    Files.walkFileTree(
        source,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes)
              throws IOException {
            if (!isPublic(folder)) {
              return FileVisitResult.SKIP_SUBTREE;
            }
            SessionPaths.createDirectory(copyOf(folder), "rwxr-xr-x");
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            try {
              copyFile(file, attributes);
            } catch (AccessDeniedException | NoSuchFileException notToBeHad) {
              // It is not world-readable, or is being changed.
            }
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException notToBeHad) {
            return FileVisitResult.CONTINUE;
          }
        });
  }

  private Path copyOf(Path source) {
    return directory.resolve(host.relativize(source).toString());
  }

  private static boolean isPublic(Path source) throws IOException {
    return Files.getPosixFilePermissions(source).contains(PosixFilePermission.OTHERS_READ);
  }

  private void copyFile(Path file, BasicFileAttributes attributes) throws IOException {
    Path copy = copyOf(file);
    if (attributes.isSymbolicLink()) {
      Path target = Files.readSymbolicLink(file);
      if (!Files.isSymbolicLink(copy) || !Files.readSymbolicLink(copy).equals(target)) {
        DurableFiles.replaceUnsynced(
            copy, unfinished -> Files.createSymbolicLink(unfinished, target));
      }
    } else if (attributes.isRegularFile() && isPublic(file) && isNewer(attributes, copy)) {
      DurableFiles.replaceUnsynced(
          copy, unfinished -> Files.copy(file, unfinished, StandardCopyOption.COPY_ATTRIBUTES));
    }
  }

  private static boolean isNewer(BasicFileAttributes source, Path copy) throws IOException {
    if (!Files.isRegularFile(copy, LinkOption.NOFOLLOW_LINKS)) {
      return true;
    }
    return Files.size(copy) != source.size()
        || !Files.getLastModifiedTime(copy).equals(source.lastModifiedTime());
  }
}
