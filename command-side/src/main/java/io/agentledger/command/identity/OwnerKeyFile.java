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

/** {@code owner.key} in the home: where the local owner's programs find the key, mode 600. */
record OwnerKeyFile(Path path) {
  private static final Logger log = LoggerFactory.getLogger(OwnerKeyFile.class);
  private static final Set<PosixFilePermission> MODE = PosixFilePermissions.fromString("rw-------");

  static OwnerKeyFile inHome(Path home) {
    return new OwnerKeyFile(home.resolve("owner.key"));
  }

  /** Empty when there is no file; a file that holds no key stops the start. */
  Optional<OwnerKey> read() {
    try {
      restrictPermissions();
      return Optional.of(new OwnerKey(Files.readString(path, StandardCharsets.UTF_8).strip()));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IllegalArgumentException e) {
      throw new IllegalStateException(
          path + " holds no owner's key; remove it, and a new one is made at the next start", e);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + path, e);
    }
  }

  private void restrictPermissions() throws IOException {
    if (Files.getPosixFilePermissions(path, LinkOption.NOFOLLOW_LINKS).equals(MODE)) return;
    log.atWarn().addKeyValue("file", path).log("the owner's key was open to others; closed it");
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
