package io.agentledger.command.identity;

import io.agentledger.store.DurableFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The file {@code owner.key} in the home with mode 600, from which the local owner's programs read
 * the key.
 */
record OwnerKeyFile(Path path) {
  private static final Logger log = LoggerFactory.getLogger(OwnerKeyFile.class);
  private static final Set<PosixFilePermission> MODE = PosixFilePermissions.fromString("rw-------");

  static OwnerKeyFile inHome(Path home) {
    return new OwnerKeyFile(home.resolve("owner.key"));
  }

  /**
   * Reads the key; empty if there is no file. Throws if the file contains no valid key, which stops
   * the start.
   */
  Optional<OwnerKey> read() {
    try {
      restrictPermissions();
      return Optional.of(new OwnerKey(Files.readString(path, StandardCharsets.UTF_8).strip()));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IllegalArgumentException e) {
      throw new IllegalStateException(
          path + " contains no owner's key; remove it, and a new one is created at the next start",
          e);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + path, e);
    }
  }

  private void restrictPermissions() throws IOException {
    if (Files.getPosixFilePermissions(path, LinkOption.NOFOLLOW_LINKS).equals(MODE)) return;
    log.atWarn()
        .addKeyValue("file", path)
        .log("the owner's key file was readable by other users; corrected its mode");
    Files.setPosixFilePermissions(path, MODE);
  }

  void write(OwnerKey key) {
    try {
      DurableFiles.write(path, (key.secret() + "\n").getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + path, e);
    }
  }
}
