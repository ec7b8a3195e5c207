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

  OwnerKeyAuthenticator(LocalOwner owner, LocalOwnerTable rows, OwnerKeyFile file, String node) {
    var key = key(rows, file, node);
    this.owner = Caller.localOwner(owner.tenant(), owner.user(), key.credential());
    this.sha256 = key.sha256();
  }

  private static KeyRow key(LocalOwnerTable rows, OwnerKeyFile file, String node) {
    var known = rows.keyOf(node);
    var found = file.read();
    if (found.isEmpty()) {
      if (known.isPresent())
        log.atWarn()
            .addKeyValue("file", file.path())
            .log("the owner's key is lost; made a new one");
      var made = OwnerKey.random();
      file.write(made); // First the file: a key that nobody has is of no use.
      return rows.replaceKey(node, made);
    }
    var present = found.get();
    if (known.isPresent() && MessageDigest.isEqual(known.get().sha256(), present.sha256()))
      return known.get();
    log.atWarn().addKeyValue("file", file.path()).log("another owner's key was put in place");
    return rows.replaceKey(node, present);
  }

  @Override
  public Optional<Caller> authenticate(byte[] secretHash) {
    return MessageDigest.isEqual(sha256, secretHash) ? Optional.of(owner) : Optional.empty();
  }
}
