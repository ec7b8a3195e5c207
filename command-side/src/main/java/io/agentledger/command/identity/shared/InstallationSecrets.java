package io.agentledger.command.identity.shared;

import io.agentledger.store.crypto.SecretSealer;
import java.security.SecureRandom;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Random secrets that all nodes of the installation share, sealed in the keyring's schema. */
public final class InstallationSecrets {
  /** Name of the keyring's key that seals secrets of the installation. */
  public static final String KEY = "installation";

  private static final int BYTES = 32;

  private final JdbcClient sql;
  private final SecretSealer secretSealer;

  public InstallationSecrets(DataSource database, SecretSealer secretSealer) {
    this.sql = JdbcClient.create(database);
    this.secretSealer = secretSealer;
  }

  /**
   * Returns the 32-byte secret with this name, which is created if there is none; of two concurrent
   * nodes one creates it.
   */
  public byte[] findOrCreate(String name) {
    var secret = new byte[BYTES];
    new SecureRandom().nextBytes(secret);
    sql.sql(
            "insert into keyring.installation_secret (name, sealed) values (?, ?) on conflict do nothing")
        .params(name, secretSealer.seal(KEY, secret, name))
        .update();
    var sealed =
        sql.sql("select sealed from keyring.installation_secret where name = ?")
            .param(name)
            .query(byte[].class)
            .single();
    return secretSealer.open(KEY, sealed, name);
  }
}
