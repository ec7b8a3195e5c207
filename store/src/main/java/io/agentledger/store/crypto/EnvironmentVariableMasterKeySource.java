package io.agentledger.store.crypto;

import java.security.GeneralSecurityException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Master keys in an environment variable, for secrets of container platforms. To add a key, start
 * the node with a keyset that contains both keys and prefers the new one.
 */
final class EnvironmentVariableMasterKeySource implements MasterKeySource {
  private final String variable;
  private final LoadedKeys loadedKeys;

  /**
   * Creates the source.
   *
   * @param keyset the variable's value: a Tink keyset in JSON
   */
  EnvironmentVariableMasterKeySource(String variable, @Nullable String keyset) {
    this.variable = variable;
    if (keyset == null || keyset.isBlank())
      throw new MasterKeyException("the environment variable " + variable + " is not set");
    this.loadedKeys = parse(keyset);
  }

  private LoadedKeys parse(String keyset) {
    try {
      return TinkKeysets.toLoadedKeys(TinkKeysets.parse(keyset));
    } catch (GeneralSecurityException | RuntimeException e) {
      // Not set as the cause: a parser may quote the text that it could not read.
      throw new MasterKeyException("the environment variable " + variable + " holds no master key");
    }
  }

  @Override
  public Optional<LoadedKeys> read() {
    return Optional.of(loadedKeys);
  }

  @Override
  public boolean canCreateKeys() {
    return false;
  }

  @Override
  public String createKey() {
    throw new MasterKeyException(
        "master keys in " + this + " are created by the operator who sets it");
  }

  @Override
  public void destroy(String id) {} // The key is gone once the variable is set without it.

  @Override
  public String toString() {
    return "the environment variable " + variable;
  }
}
