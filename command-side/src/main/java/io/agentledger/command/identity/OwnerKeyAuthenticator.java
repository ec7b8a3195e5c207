package io.agentledger.command.identity;

import io.agentledger.api.identity.Caller;
import io.agentledger.command.identity.LocalOwnerTable.KeyRow;
import io.agentledger.command.identity.authentication.CachingAuthenticator.LocalOwnerAuthenticator;
import java.security.MessageDigest;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Authenticates the local owner by the key in the node's home. The file is authoritative: if it is
 * lost, a new key is created; if it was changed, its key replaces the old one. Memory and database
 * contain only the key's hash.
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
            .log("the owner's key file is missing; created a new key");
      var ownerKey = OwnerKey.random();
      file.write(ownerKey); // First the file: a recorded key without a file would be useless.
      return table.replaceKey(node, ownerKey);
    }
    var present = found.get();
    if (keyRow.isPresent() && MessageDigest.isEqual(keyRow.get().sha256(), present.sha256()))
      return keyRow.get();
    log.atWarn().addKeyValue("file", file.path()).log("the owner's key file contains a new key");
    return table.replaceKey(node, present);
  }

  @Override
  public Optional<Caller> authenticate(byte[] secretHash) {
    return MessageDigest.isEqual(sha256, secretHash) ? Optional.of(owner) : Optional.empty();
  }
}
