package io.agentledger.store;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of a node's home and master key. Paths are strings, because Spring searches for a path
 * on the class path first.
 *
 * @param home the directory of {@link NodeHome}; {@code AGENTLEDGER_HOME}
 * @param masterKey the file with the master key; or {@code env:NAME}, an environment variable that
 *     contains it; or {@code aws-kms://arn:...}, comma-separated keys of AWS KMS, the preferred one
 *     first; null for {@code keys/master.json} in the home directory; {@code
 *     AGENTLEDGER_MASTER_KEY}
 */
@ConfigurationProperties("agentledger")
public record StoreSettings(@DefaultValue("data") String home, @Nullable String masterKey) {
  public Path homeDirectory() {
    return Path.of(home);
  }

  public Path masterKeyFile(NodeHome home) {
    return masterKey == null ? home.keys().resolve("master.json") : Path.of(masterKey);
  }
}
