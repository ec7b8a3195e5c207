package io.agentledger.store.crypto;

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

/** Master keys in a file that only its owner may read. Several nodes may share the file. */
final class FileMasterKeySource implements MasterKeySource {
  private static final Set<PosixFilePermission> TOO_OPEN =
      Set.of(
          PosixFilePermission.GROUP_WRITE,
          PosixFilePermission.OTHERS_READ,
          PosixFilePermission.OTHERS_WRITE,
          PosixFilePermission.OTHERS_EXECUTE);

  private final Path file;

  FileMasterKeySource(Path file) {
    this.file = file.toAbsolutePath();
  }

  @Override
  public Optional<LoadedKeys> read() {
    KeysetHandle keyset = keyset();
    try {
      return keyset == null ? Optional.empty() : Optional.of(TinkKeysets.toLoadedKeys(keyset));
    } catch (GeneralSecurityException e) {
      throw new MasterKeyException("the file " + file + " holds no master key", e);
    }
  }

  private @Nullable KeysetHandle keyset() {
    try {
      requirePrivatePermissions();
      return TinkKeysets.parse(Files.readString(file));
    } catch (NoSuchFileException e) {
      return null;
    } catch (IOException e) {
      throw new MasterKeyException("the master key " + file + " cannot be read: " + e, e);
    } catch (GeneralSecurityException e) {
      throw new MasterKeyException("the file " + file + " holds no master key", e);
    }
  }

  private void requirePrivatePermissions() throws IOException {
    var open = Files.getPosixFilePermissions(file);
    if (open.stream().anyMatch(TOO_OPEN::contains))
      throw new MasterKeyException(
          "other users can read the master key " + file + "; restrict it: chmod 600");
  }

  @Override
  public boolean canCreateKeys() {
    return true;
  }

  @Override
  public synchronized String createKey() {
    try {
      KeysetHandle existing = keyset();
      var keyset = existing == null ? TinkKeysets.createFirst() : TinkKeysets.withAnother(existing);
      write(keyset);
      return TinkKeysets.id(keyset.getPrimary());
    } catch (GeneralSecurityException e) {
      throw new MasterKeyException("no master key could be made", e);
    }
  }

  @Override
  public synchronized void destroy(String id) {
    KeysetHandle keyset = keyset();
    try {
      if (keyset != null && TinkKeysets.toLoadedKeys(keyset).keys().containsKey(id))
        write(TinkKeysets.without(keyset, id));
    } catch (GeneralSecurityException e) {
      throw new MasterKeyException("the master key " + id + " cannot be removed from " + file, e);
    }
  }

  private void write(KeysetHandle keyset) throws GeneralSecurityException {
    try {
      DurableFiles.write(file, TinkKeysets.json(keyset).getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new MasterKeyException("the master key " + file + " cannot be written: " + e, e);
    }
  }

  @Override
  public String toString() {
    return file.toString();
  }
}
