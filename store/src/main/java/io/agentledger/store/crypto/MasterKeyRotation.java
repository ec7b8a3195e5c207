package io.agentledger.store.crypto;

import io.agentledger.api.shared.OpsRejection;
import io.agentledger.api.shared.Rejection;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.store.crypto.MasterKeyTable.MasterKeyEntry;
import io.agentledger.store.crypto.MasterKeyTable.WrappedSecretRow;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.springframework.dao.DataIntegrityViolationException;

/**
 * Replaces the master key while the service runs. A new key is announced; when every living node
 * has it, it wraps new secrets, and secrets under older keys are wrapped again, a few rows at a
 * time. The rows themselves record the progress, so an interrupted rotation continues, and several
 * nodes can work on one.
 */
public final class MasterKeyRotation {
  private static final int BATCH = 100;
  private static final int STEPS_AT_RETIREMENT = 10;

  private final MasterKeyTable masterKeyTable;
  private final MasterKeys keys;

  MasterKeyRotation(MasterKeyTable masterKeyTable, MasterKeys keys) {
    this.masterKeyTable = masterKeyTable;
    this.keys = keys;
  }

  /** Progress of a rotation. */
  public sealed interface Step {
    /** The listed nodes do not have the new key yet. */
    record Waiting(List<String> nodes) implements Step {}

    /** This many rows were wrapped again, and there may be more. */
    record Rewrapped(int count) implements Step {}

    /** No secret is under an old key. */
    record Done() implements Step {}
  }

  /**
   * Status of a master key.
   *
   * @param status announced, primary or old
   * @param wrappedKeyCount number of secrets under it
   * @param holders the living nodes that have it
   * @param missing the living nodes that do not have it
   */
  public record KeyStatus(
      String id,
      String status,
      Instant since,
      long wrappedKeyCount,
      List<String> holders,
      List<String> missing) {}

  /** Returns the name of this node's source of keys. */
  public String source() {
    return keys.source().toString();
  }

  /** Returns the status of all keys, oldest first. */
  public List<KeyStatus> status() {
    return masterKeyTable.all().stream().map(this::status).toList();
  }

  private KeyStatus status(MasterKeyEntry key) {
    long wraps =
        keys.tables().stream().mapToLong(table -> masterKeyTable.count(table, key.id())).sum();
    return new KeyStatus(
        key.id(),
        key.status(),
        key.since(),
        wraps,
        masterKeyTable.holders(key.id()),
        masterKeyTable.findNodesWithout(key.id()));
  }

  /**
   * Returns the id of the next key, which is created now if the source can create keys: it wraps
   * nothing until it is announced. Rejected while another rotation is in progress, and if the
   * source contains no other key.
   */
  public synchronized String findOrCreateNextKey() {
    if (masterKeyTable.findByStatus("announced").isPresent() || isUnfinished())
      throw new RejectionException(new OpsRejection.RotationUnderway());
    String preferred = keys.source().read().orElseThrow().primaryId();
    if (!keys.isPrimary(preferred)) return preferred;
    if (!keys.source().canCreateKeys())
      throw new RejectionException(new OpsRejection.NoOtherMasterKey());
    return keys.source().createKey();
  }

  /** Announces the key to all nodes. Idempotent. */
  public void announce(String next) {
    masterKeyTable.add(next, "announced");
    keys.refresh();
  }

  private boolean isUnfinished() {
    return status().stream()
        .anyMatch(key -> key.status().equals("old") && key.wrappedKeyCount() > 0);
  }

  /** Takes one step if possible; safe on several nodes at once. */
  public Step step() {
    var announced = masterKeyTable.findByStatus("announced");
    if (announced.isPresent()) {
      var missing = masterKeyTable.findNodesWithout(announced.get());
      if (!missing.isEmpty()) return new Step.Waiting(missing);
      masterKeyTable.promote(announced.get());
    }
    keys.refresh();
    var count = new AtomicInteger();
    for (var table : keys.tables())
      masterKeyTable.inNewTransaction(() -> count.addAndGet(rewrap(table)));
    if (count.get() > 0) return new Step.Rewrapped(count.get());
    return isUnfinished() ? new Step.Rewrapped(0) : new Step.Done(); // Others may have locked rows.
  }

  private int rewrap(WrappedSecretTable table) {
    var primary = keys.primary();
    var batch = masterKeyTable.lockOutdated(table, BATCH);
    for (WrappedSecretRow row : batch)
      try {
        byte[] wrapped =
            table.rewrap(row.rowId(), row.wrapped(), keys.keyOf(row.masterKeyId()), primary.aead());
        masterKeyTable.replace(table, row.rowId(), wrapped, primary.id());
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException(
            "the secret of " + table.table() + " " + row.rowId() + " cannot be wrapped again", e);
      }
    return batch.size();
  }

  /**
   * Removes an old key, here and in the database, after wrapping remaining secrets again. Other
   * nodes stop using it but keep their copies. Backups from its time cannot be decrypted without a
   * copy of it.
   */
  public void retire(String id) {
    var key =
        masterKeyTable.all().stream()
            .filter(entry -> entry.id().equals(id))
            .findAny()
            .orElseThrow(() -> new RejectionException(new Rejection.NotFound("master_key", id)));
    if (!key.status().equals("old"))
      throw new RejectionException(new OpsRejection.MasterKeyInUse(id));
    rewrapRemaining();
    try {
      masterKeyTable.removeOld(id);
    } catch (DataIntegrityViolationException e) {
      throw new RejectionException(new OpsRejection.MasterKeyInUse(id));
    }
    keys.source().destroy(id);
    keys.refresh();
  }

  /** Wraps again the few secrets that slow nodes left under an old key. */
  private void rewrapRemaining() {
    for (int steps = 0; steps < STEPS_AT_RETIREMENT; steps++)
      if (!(step() instanceof Step.Rewrapped)) return;
  }
}
