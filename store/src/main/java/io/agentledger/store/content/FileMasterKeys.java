package io.agentledger.store.content;

import com.google.crypto.tink.KeysetHandle;
import io.agentledger.store.DurableFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.security.GeneralSecurityException;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Master keys in a file that only its owner may read. Several nodes may share it. */
final class FileMasterKeys implements MasterKeySource {
  private static final Set<PosixFilePermission> TOO_OPEN =
      Set.of(
          PosixFilePermission.GROUP_WRITE,
          PosixFilePermission.OTHERS_READ,
          PosixFilePermission.OTHERS_WRITE,
          PosixFilePermission.OTHERS_EXECUTE);

  private final Path file;

  FileMasterKeys(Path file) {
    this.file = file.toAbsolutePath();
  }

  @Override
  public Optional<Held> read() {
    KeysetHandle keyset = keyset();
    try {
      return keyset == null ? Optional.empty() : Optional.of(MasterKeysets.held(keyset));
    } catch (GeneralSecurityException e) {
      throw new MasterKeyFault("the file " + file + " holds no master key", e);
    }
  }

  private @Nullable KeysetHandle keyset() {
    try {
      refuseOpenDoors();
      return MasterKeysets.parse(Files.readString(file));
    } catch (NoSuchFileException e) {
      return null;
    } catch (IOException e) {
      throw new MasterKeyFault("the master key " + file + " cannot be read: " + e, e);
    } catch (GeneralSecurityException e) {
      throw new MasterKeyFault("the file " + file + " holds no master key", e);
    }
  }

  private void refuseOpenDoors() throws IOException {
    var open = Files.getPosixFilePermissions(file);
    if (open.stream().anyMatch(TOO_OPEN::contains))
      throw new MasterKeyFault(
          "the master key " + file + " is open to others; make it its owner's alone: chmod 600");
  }

  @Override
  public boolean makesKeys() {
    return true;
  }

  @Override
  public synchronized String make() {
    try {
      KeysetHandle known = keyset();
      var keyset = known == null ? MasterKeysets.first() : MasterKeysets.withAnother(known);
      write(keyset);
      return MasterKeysets.id(keyset.getPrimary());
    } catch (GeneralSecurityException e) {
      throw new MasterKeyFault("no master key could be made", e);
    }
  }

  @Override
  public synchronized void destroy(String id) {
    KeysetHandle keyset = keyset();
    try {
      if (keyset != null && MasterKeysets.held(keyset).keys().containsKey(id))
        write(MasterKeysets.without(keyset, id));
    } catch (GeneralSecurityException e) {
      throw new MasterKeyFault("the master key " + id + " cannot be taken out of " + file, e);
    }
  }

  private void write(KeysetHandle keyset) throws GeneralSecurityException {
    try {
      DurableFiles.write(file, MasterKeysets.json(keyset).getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new MasterKeyFault("the master key " + file + " cannot be written: " + e, e);
    }
  }

  @Override
  public String toString() {
    return file.toString();
  }
}
