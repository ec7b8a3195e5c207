package io.agentledger.store.crypto;

import com.google.crypto.tink.Aead;
import io.agentledger.store.crypto.MasterKeySource.Held;
import io.agentledger.store.crypto.MasterKeyTable.Wrapped;
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
  private volatile Held held;
  private volatile String primary;

  /** A secret as it is kept. */
  public record WrappedSecret(String master, byte[] wrapped) {
    @Override
    public String toString() {
      return "WrappedSecret[" + master + ", " + wrapped.length + " bytes]";
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
    evictUnused();
    this.held = source.read().orElseGet(this::firstOne);
    nameTheNameless();
    masterKeyTable.add(held.preferred(), "primary");
    this.primary =
        masterKeyTable.inState("primary").orElseThrow(); // Of two that start at once, one's.
    masterKeyTable.all().forEach(known -> check(known.id(), known.state()));
    masterKeyTable.saveHolder(node, held.keys().keySet());
  }

  /** A home was thrown away before anything was wrapped: what it had begun does not count. */
  private void evictUnused() {
    boolean isUsed =
        masterKeyTable.all().stream()
            .anyMatch(
                key -> tables.stream().anyMatch(of -> masterKeyTable.count(of, key.id()) > 0));
    if (!isUsed && masterKeyTable.livingBut(node).isEmpty()) masterKeyTable.removeAll();
  }

  private Held firstOne() {
    boolean isNeeded =
        !masterKeyTable.all().isEmpty()
            || tables.stream().anyMatch(of -> masterKeyTable.nameless(of).isPresent());
    if (isNeeded)
      throw new MasterKeyException(
          "the master key "
              + source
              + " is missing, and there is content that only it opens: put it back");
    source.createKey();
    return source.read().orElseThrow();
  }

  private void nameTheNameless() {
    for (var of : tables)
      masterKeyTable
          .nameless(of)
          .ifPresent(
              row -> {
                String id =
                    held.keys().keySet().stream()
                        .filter(key -> opens(of, row, key))
                        .findAny()
                        .orElseThrow(this::another);
                masterKeyTable.add(id, "primary");
                masterKeyTable.name(of, id);
              });
  }

  private void check(String id, String state) {
    for (var of : tables)
      masterKeyTable
          .sample(of, id)
          .filter(row -> !opens(of, row, id))
          .ifPresent(
              row -> {
                throw another();
              });
    if (state.equals("primary") && !held.keys().containsKey(id)) throw another();
  }

  private boolean opens(WrappedSecretTable of, Wrapped row, String id) {
    Aead key = held.keys().get(id);
    if (key == null) return false;
    try {
      of.check(row.row(), row.wrapped(), key);
      return true;
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  private MasterKeyException another() {
    return new MasterKeyException(
        "the master key "
            + source
            + " is not the one that this database's content was sealed with");
  }

  /** Looks again at the source and at the database; says that this node lives and what it has. */
  void refresh() {
    held = source.read().orElse(held);
    masterKeyTable.inNewTransaction(this::take);
  }

  private void take() {
    masterKeyTable.saveHolder(node, held.keys().keySet());
    String wanted = masterKeyTable.inState("primary").orElse(primary);
    if (held.keys().containsKey(wanted)) primary = wanted;
    else
      log.atError()
          .addKeyValue("masterKey", wanted)
          .log("this node lacks the master key that others wrap with; give it to its source");
  }

  Key primary() {
    String id = primary;
    return new Key(id, keyOf(id));
  }

  /** The key of that id; fails when this node does not have it. */
  Aead keyOf(String id) {
    Aead known = held.keys().get(id);
    if (known != null) return known;
    refresh();
    Aead found = held.keys().get(id);
    if (found == null)
      throw new MasterKeyException(
          "this node lacks the master key " + id + "; " + source + " has it not");
    return found;
  }

  /** Seals for one row of one table; it opens nowhere else. */
  public WrappedSecret seal(WrappedSecretTable of, String row, byte[] secret) {
    Key key = primary();
    try {
      return new WrappedSecret(key.id(), key.aead().encrypt(secret, of.place(row)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("cannot seal under the master key " + key.id(), e);
    }
  }

  /** What was sealed for that row. */
  public byte[] open(WrappedSecretTable of, String row, WrappedSecret wrappedSecret) {
    try {
      return keyOf(wrappedSecret.master()).decrypt(wrappedSecret.wrapped(), of.place(row));
    } catch (GeneralSecurityException e) {
      throw new ContentUnavailableException(
          ContentUnavailableException.Reason.TAMPERED,
          "the secret of " + of.table() + " " + row + " cannot be opened",
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
