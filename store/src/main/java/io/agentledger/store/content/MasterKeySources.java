package io.agentledger.store.content;

import java.nio.file.Path;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What the setting {@code agentledger.master-key} may say. */
final class MasterKeySources {
  private static final String ENVIRONMENT = "env:";

  private MasterKeySources() {}

  /**
   * @param setting a file, or {@code env:NAME}; null for the file in the home
   */
  static MasterKeySource of(
      @Nullable String setting, Path file, Function<String, @Nullable String> environment) {
    if (setting != null && setting.startsWith(ENVIRONMENT)) {
      String name = setting.substring(ENVIRONMENT.length());
      return new EnvironmentMasterKeys(name, environment.apply(name));
    }
    return new FileMasterKeys(file);
  }
}
