package io.agentledger.store.crypto;

import java.security.GeneralSecurityException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Master keys in an environment variable: what a container platform's secrets become. Another key
 * is given by starting the node with a keyset that holds both and prefers the new one.
 */
final class EnvironmentVariableMasterKeySource implements MasterKeySource {
  private final String variable;
  private final LoadedKeys loadedKeys;

  /**
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
      // Not as a cause: a parser may quote what it could not read.
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
    throw new MasterKeyException("master keys in " + this + " are made by whoever sets it");
  }

  @Override
  public void destroy(String id) {} // It goes when the variable is set without it.

  @Override
  public String toString() {
    return "the environment variable " + variable;
  }
}
