package io.agentledger.store.crypto;

import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Creates the master key source that the setting {@code agentledger.master-key} names. */
final class MasterKeySourceFactory {
  private static final String ENVIRONMENT = "env:";

  private MasterKeySourceFactory() {}

  /**
   * Creates the source.
   *
   * @param setting a file, {@code env:NAME}, or comma-separated keys of AWS KMS; null for the file
   *     in the home directory
   */
  static MasterKeySource create(
      @Nullable String setting, Path file, Function<String, @Nullable String> environment) {
    if (setting != null && setting.startsWith(ENVIRONMENT)) {
      String name = setting.substring(ENVIRONMENT.length());
      return new EnvironmentVariableMasterKeySource(name, environment.apply(name));
    }
    if (setting != null && setting.startsWith(AwsKmsClient.PREFIX))
      return new KmsMasterKeySource(AwsKmsClient.fromEnvironment(), List.of(setting.split(",")));
    return new FileMasterKeySource(file);
  }
}
