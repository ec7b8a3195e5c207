package io.agentledger.store.crypto;

import com.zaxxer.hikari.HikariConfig;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.event.ActionEvent.QuestionAnswered;
import java.nio.file.Path;
import java.util.List;

/**
 * Program that rotates the master key, seals content after each step, and is killed by the test.
 */
final class KeyRotationNode {
  private KeyRotationNode() {}

  /**
   * @param arguments address, user and password of the database; the directory
   */
  public static void main(String[] arguments) {
    var pool = new HikariConfig();
    pool.setJdbcUrl(arguments[0]);
    pool.setUsername(arguments[1]);
    pool.setPassword(arguments[2]);
    var directory = Path.of(arguments[3]);
    var table = new DataKeyTable(pool);
    var names = new MasterKeyTable(table.dataSource());
    var keys =
        new MasterKeys(
            names,
            new FileMasterKeySource(directory.resolve("shared.json")),
            List.of(WrappedSecretTable.KEYRING),
            "doomed");
    var sealer = new AeadSealer(new DataKeyring(table, keys), new ContentStore(directory));
    var rotation = new MasterKeyRotation(names, keys);
    rotation.announce(rotation.findOrCreateNextKey());
    while (true) {
      rotation.step();
      sealer.seal(SessionId.next(), QuestionAnswered.class, "answers", "of a doomed node");
    }
  }
}
