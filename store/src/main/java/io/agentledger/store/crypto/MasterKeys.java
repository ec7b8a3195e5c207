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
 * Seals small secrets under the master key: the keys of sessions and vaults, keys that sign. Each
 * ciphertext is kept beside the id of the key that made it. Which key wraps, the database says, for
 * all nodes; what the keys are, each node has from its {@link MasterKeySource}.
 */
public final class MasterKeys implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(MasterKeys.class);

  private final MasterKeyTable masterKeyTable;
  private final MasterKeySource source;
  private final List<WrappedSecretTable> tables;
  private final String node;
  private volatile LoadedKeys loadedKeys;
  private volatile String primary;

  /** A secret as it is kept. */
  public record WrappedSecret(String masterKeyId, byte[] wrapped) {
    @Override
    public String toString() {
      return "WrappedSecret[" + masterKeyId + ", " + wrapped.length + " bytes]";
    }
  }

  /** A key with its name. */
  record Key(String id, Aead aead) {}

  /**
   * Makes the first master key when there is none and nothing was ever wrapped; fails when one is
   * missing although something was, or when it is another one than what was wrapped with.
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
    this.primary =
        masterKeyTable.findByStatus("primary").orElseThrow(); // Of two that start at once, one's.
    masterKeyTable.all().forEach(entry -> check(entry.id(), entry.status()));
    masterKeyTable.saveHolder(node, loadedKeys.keys().keySet());
  }

  /** A home was thrown away before anything was wrapped: what it had begun does not count. */
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
              + " is missing, and there is content that only it opens: put it back");
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

  /** Looks again at the source and at the database; says that this node lives and what it has. */
  void refresh() {
    loadedKeys = source.read().orElse(loadedKeys);
    masterKeyTable.inNewTransaction(this::updateHolderAndPrimary);
  }

  private void updateHolderAndPrimary() {
    masterKeyTable.saveHolder(node, loadedKeys.keys().keySet());
    String primaryId = masterKeyTable.findByStatus("primary").orElse(primary);
    if (loadedKeys.keys().containsKey(primaryId)) primary = primaryId;
    else
      log.atError()
          .addKeyValue("masterKey", primaryId)
          .log("this node lacks the master key that others wrap with; give it to its source");
  }

  Key primary() {
    String id = primary;
    return new Key(id, keyOf(id));
  }

  /** The key of that id; fails when this node does not have it. */
  Aead keyOf(String id) {
    Aead cachedAead = loadedKeys.keys().get(id);
    if (cachedAead != null) return cachedAead;
    refresh();
    Aead aead = loadedKeys.keys().get(id);
    if (aead == null)
      throw new MasterKeyException(
          "this node lacks the master key " + id + "; " + source + " has it not");
    return aead;
  }

  /** Seals for one row of one table; it opens nowhere else. */
  public WrappedSecret seal(WrappedSecretTable table, String row, byte[] secret) {
    Key key = primary();
    try {
      return new WrappedSecret(key.id(), key.aead().encrypt(secret, table.associatedData(row)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("cannot seal under the master key " + key.id(), e);
    }
  }

  /** What was sealed for that row. */
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

  /** Nobody needs to wait for this node any more. */
  @Override
  public void close() {
    masterKeyTable.deleteHolder(node);
  }
}
