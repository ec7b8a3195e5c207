package io.agentledger.store.content;

import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What the setting {@code agentledger.master-key} may say. */
final class MasterKeySources {
  private static final String ENVIRONMENT = "env:";

  private MasterKeySources() {}

  /**
   * @param setting a file, {@code env:NAME}, or keys of AWS KMS behind commas; null for the file in
   *     the home
   */
  static MasterKeySource of(
      @Nullable String setting, Path file, Function<String, @Nullable String> environment) {
    if (setting != null && setting.startsWith(ENVIRONMENT)) {
      String name = setting.substring(ENVIRONMENT.length());
      return new EnvironmentMasterKeys(name, environment.apply(name));
    }
    if (setting != null && setting.startsWith(AwsKms.PREFIX))
      return new KmsMasterKeys(AwsKms.ofTheEnvironment(), List.of(setting.split(",")));
    return new FileMasterKeys(file);
  }
}
