package io.agentledger.store.crypto;

import com.google.crypto.tink.Aead;
import io.agentledger.store.crypto.MasterKeySource.LoadedKeys;
import io.agentledger.store.crypto.MasterKeyTable.WrappedSecretRow;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Seals small secrets under the master key: the keys of sessions and vaults, signing keys. Each
 * ciphertext is stored with the id of its key. The database defines for all nodes which key wraps;
 * the keys themselves come from each node's {@link MasterKeySource}.
 */
public final class MasterKeys {
  private static final Logger log = LoggerFactory.getLogger(MasterKeys.class);

  private final MasterKeyTable masterKeyTable;
  private final MasterKeySource source;
  private final List<WrappedSecretTable> tables;
  private final String node;
  private volatile LoadedKeys loadedKeys;
  private volatile String primary;
  private volatile boolean onlyNode;

  /** Sealed secret with the id of its key. */
  public record WrappedSecret(String masterKeyId, byte[] wrapped) {
    @Override
    public String toString() {
      return "WrappedSecret[" + masterKeyId + ", " + wrapped.length + " bytes]";
    }
  }

  /** Key with its id. */
  record Key(String id, Aead aead) {}

  /**
   * Loads the master keys. Creates the first one if there is none and nothing was ever wrapped;
   * fails if a key is missing although secrets are wrapped with it, or if it is another key than
   * the one that wrapped them.
   */
  MasterKeys(
      MasterKeyTable masterKeyTable,
      MasterKeySource source,
      List<WrappedSecretTable> tables,
      String node) {
    this.masterKeyTable = masterKeyTable;
    this.source = source;
    this.tables = List.copyOf(tables);
    this.node = node;
    removeAllIfUnused();
    this.loadedKeys = source.read().orElseGet(this::createFirst);
    assignMissingMasterKeyIds();
    masterKeyTable.add(loadedKeys.primaryId(), "primary");
    // If two nodes start at once, one of their keys wins.
    this.primary = masterKeyTable.findByStatus("primary").orElseThrow();
    masterKeyTable.all().forEach(entry -> check(entry.id(), entry.status()));
    this.onlyNode = masterKeyTable.saveHolder(node, loadedKeys.keys().keySet()).alone();
  }

  /** Forgets keys of a home directory that was deleted before anything was wrapped. */
  private void removeAllIfUnused() {
    boolean isUsed =
        masterKeyTable.all().stream()
            .anyMatch(
                key ->
                    tables.stream().anyMatch(table -> masterKeyTable.count(table, key.id()) > 0));
    if (!isUsed && masterKeyTable.findOtherLiveNodes(node).isEmpty()) masterKeyTable.removeAll();
  }

  private LoadedKeys createFirst() {
    boolean isNeeded =
        !masterKeyTable.all().isEmpty()
            || tables.stream()
                .anyMatch(table -> masterKeyTable.findWithoutMasterKey(table).isPresent());
    if (isNeeded)
      throw new MasterKeyException(
          "the master key "
              + source
              + " is missing, and content is sealed with it: restore the key");
    source.createKey();
    return source.read().orElseThrow();
  }

  private void assignMissingMasterKeyIds() {
    for (var table : tables)
      masterKeyTable
          .findWithoutMasterKey(table)
          .ifPresent(
              row -> {
                String id =
                    loadedKeys.keys().keySet().stream()
                        .filter(key -> canOpen(table, row, key))
                        .findAny()
                        .orElseThrow(this::wrongMasterKey);
                masterKeyTable.add(id, "primary");
                masterKeyTable.setMissingMasterKey(table, id);
              });
  }

  private void check(String id, String status) {
    for (var table : tables)
      masterKeyTable
          .sample(table, id)
          .filter(row -> !canOpen(table, row, id))
          .ifPresent(
              row -> {
                throw wrongMasterKey();
              });
    if (status.equals("primary") && !loadedKeys.keys().containsKey(id)) throw wrongMasterKey();
  }

  private boolean canOpen(WrappedSecretTable table, WrappedSecretRow row, String id) {
    Aead key = loadedKeys.keys().get(id);
    if (key == null) return false;
    try {
      table.check(row.rowId(), row.wrapped(), key);
      return true;
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  private MasterKeyException wrongMasterKey() {
    return new MasterKeyException(
        "the master key "
            + source
            + " is not the one that this database's content was sealed with");
  }

  /**
   * Reloads the source and the database, and reports that this node lives and which keys it has.
   */
  void refresh() {
    loadedKeys = source.read().orElse(loadedKeys);
    var report = masterKeyTable.saveHolder(node, loadedKeys.keys().keySet());
    onlyNode = report.alone();
    String primaryId = report.primary().orElse(primary);
    if (loadedKeys.keys().containsKey(primaryId)) primary = primaryId;
    else
      log.atError()
          .addKeyValue("masterKey", primaryId)
          .log("this node lacks the current master key; add it to the node's key source");
  }

  /** Returns whether no other node lived when this one reported last, some seconds ago. */
  public boolean isOnlyNode() {
    return onlyNode;
  }

  Key primary() {
    String id = primary;
    return new Key(id, keyOf(id));
  }

  /** Returns the key with that id; fails if this node does not have it. */
  Aead keyOf(String id) {
    Aead cachedAead = loadedKeys.keys().get(id);
    if (cachedAead != null) return cachedAead;
    refresh();
    Aead aead = loadedKeys.keys().get(id);
    if (aead == null)
      throw new MasterKeyException(
          "this node lacks the master key " + id + "; " + source + " does not contain it");
    return aead;
  }

  /** Seals a secret for one row of one table; it cannot be decrypted elsewhere. */
  public WrappedSecret seal(WrappedSecretTable table, String row, byte[] secret) {
    Key key = primary();
    try {
      return new WrappedSecret(key.id(), key.aead().encrypt(secret, table.associatedData(row)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("cannot seal under the master key " + key.id(), e);
    }
  }

  /** Decrypts the secret that was sealed for that row. */
  public byte[] open(WrappedSecretTable table, String row, WrappedSecret wrappedSecret) {
    try {
      return keyOf(wrappedSecret.masterKeyId())
          .decrypt(wrappedSecret.wrapped(), table.associatedData(row));
    } catch (GeneralSecurityException e) {
      throw new ContentUnavailableException(
          ContentUnavailableException.Reason.TAMPERED,
          "the secret of " + table.table() + " " + row + " cannot be opened",
          e);
    }
  }

  MasterKeySource source() {
    return source;
  }

  List<WrappedSecretTable> tables() {
    return tables;
  }

  boolean isPrimary(String id) {
    return Objects.equals(primary, id);
  }

  /** Reports that this node has stopped, so that no rotation waits for it. */
  void reportStopped() {
    masterKeyTable.deleteHolder(node);
  }
}
