package io.agentledger.store.content;

import com.google.crypto.tink.Aead;
import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.RegistryConfiguration;
import com.google.crypto.tink.TinkJsonProtoKeysetFormat;
import com.google.crypto.tink.aead.AeadConfig;
import com.google.crypto.tink.aead.PredefinedAeadParameters;
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

/** The key that wraps every session's key: a Tink keyset in a file that only its owner may read. */
public final class MasterKey {
  private static final Set<PosixFilePermission> TOO_OPEN =
      Set.of(
          PosixFilePermission.GROUP_WRITE,
          PosixFilePermission.OTHERS_READ,
          PosixFilePermission.OTHERS_WRITE,
          PosixFilePermission.OTHERS_EXECUTE);

  private final Path file;

  public MasterKey(Path file) {
    this.file = file.toAbsolutePath();
    try {
      AeadConfig.register();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("no AEAD", e);
    }
  }

  Path file() {
    return file;
  }

  /** The key in the file; empty when there is no file. */
  Optional<Aead> read() {
    try {
      refuseOpenDoors();
      return Optional.of(
          aead(
              TinkJsonProtoKeysetFormat.parseKeyset(
                  Files.readString(file), InsecureSecretKeyAccess.get())));
    } catch (NoSuchFileException e) {
      return Optional.empty();
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

  /** A new key in a new file, on the disk when this returns. */
  Aead create() {
    try {
      KeysetHandle key = KeysetHandle.generateNew(PredefinedAeadParameters.AES256_GCM);
      String json = TinkJsonProtoKeysetFormat.serializeKeyset(key, InsecureSecretKeyAccess.get());
      DurableFiles.write(file, json.getBytes(StandardCharsets.UTF_8));
      return aead(key);
    } catch (IOException e) {
      throw new MasterKeyFault("the master key " + file + " cannot be written: " + e, e);
    } catch (GeneralSecurityException e) {
      throw new MasterKeyFault("no master key could be made", e);
    }
  }

  private static Aead aead(KeysetHandle key) throws GeneralSecurityException {
    return key.getPrimitive(RegistryConfiguration.get(), Aead.class);
  }

  /** Without the right master key nothing sealed can be read, so the service does not start. */
  public static final class MasterKeyFault extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    MasterKeyFault(String message) {
      super(message);
    }

    MasterKeyFault(String message, Throwable cause) {
      super(message, cause);
    }
  }
}
