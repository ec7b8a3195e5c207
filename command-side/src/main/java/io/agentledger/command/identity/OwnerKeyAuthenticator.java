package io.agentledger.command.identity;

import io.agentledger.api.identity.Caller;
import io.agentledger.command.identity.LocalOwnerTable.KeyRow;
import io.agentledger.command.identity.authentication.CachingAuthenticator.LocalOwnerAuthenticator;
import java.security.MessageDigest;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Knows the local owner by the key in the node's home. The file is what counts: if it is lost, a
 * new key is made; if it was changed, its key is taken over. Only the key's hash is kept here and
 * in the database.
 */
final class OwnerKeyAuthenticator implements LocalOwnerAuthenticator {
  private static final Logger log = LoggerFactory.getLogger(OwnerKeyAuthenticator.class);

  private final Caller owner;
  private final byte[] sha256;

  OwnerKeyAuthenticator(LocalOwner owner, LocalOwnerTable table, OwnerKeyFile file, String node) {
    var key = loadOrCreateKey(table, file, node);
    this.owner = Caller.localOwner(owner.tenant(), owner.user(), key.credential());
    this.sha256 = key.sha256();
  }

  private static KeyRow loadOrCreateKey(LocalOwnerTable table, OwnerKeyFile file, String node) {
    var keyRow = table.findKey(node);
    var found = file.read();
    if (found.isEmpty()) {
      if (keyRow.isPresent())
        log.atWarn()
            .addKeyValue("file", file.path())
            .log("the owner's key is lost; made a new one");
      var ownerKey = OwnerKey.random();
      file.write(ownerKey); // First the file: a key that nobody has is of no use.
      return table.replaceKey(node, ownerKey);
    }
    var present = found.get();
    if (keyRow.isPresent() && MessageDigest.isEqual(keyRow.get().sha256(), present.sha256()))
      return keyRow.get();
    log.atWarn().addKeyValue("file", file.path()).log("another owner's key was put in place");
    return table.replaceKey(node, present);
  }

  @Override
  public Optional<Caller> authenticate(byte[] secretHash) {
    return MessageDigest.isEqual(sha256, secretHash) ? Optional.of(owner) : Optional.empty();
  }
}
