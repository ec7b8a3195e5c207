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
 * holds it, it wraps what is new, and what older keys wrapped is wrapped again, a few rows at a
 * time. How far it is stands in the rows themselves: whoever is interrupted, or is one of several,
 * just goes on.
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
    /** These nodes do not hold the new key yet. */
    record Waiting(List<String> nodes) implements Step {}

    /** So many were wrapped again, and there may be more. */
    record Rewrapped(int count) implements Step {}

    /** Nothing is under an old key. */
    record Done() implements Step {}
  }

  /**
   * A master key as it stands.
   *
   * @param status announced, primary or old
   * @param wrappedKeyCount how many secrets are under it
   * @param holders the living nodes that have it
   * @param missing the living nodes that have it not
   */
  public record KeyStatus(
      String id,
      String status,
      Instant since,
      long wrappedKeyCount,
      List<String> holders,
      List<String> missing) {}

  /** Where this node has its keys from. */
  public String source() {
    return keys.source().toString();
  }

  /** Oldest first. */
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
   * The id of the key that is to be the next one, made now where the source can: it wraps nothing
   * until it is announced. Refused while another rotation is under way, and where nobody gave
   * another key.
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

  /** Tells all nodes of it; twice is once. */
  public void announce(String next) {
    masterKeyTable.add(next, "announced");
    keys.refresh();
  }

  private boolean isUnfinished() {
    return status().stream()
        .anyMatch(key -> key.status().equals("old") && key.wrappedKeyCount() > 0);
  }

  /** One step on, if it can be taken; safe on several nodes at once. */
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
    return isUnfinished() ? new Step.Rewrapped(0) : new Step.Done(); // Others have rows in hand.
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
   * Forgets an old key, here and in the database; what slow nodes left under it is wrapped again
   * first. Other nodes do not ask for it any more, and are not told to destroy what they hold.
   * Backups from before its time cannot be opened without a copy of it.
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

  /** What slow nodes left, not a whole keyring. */
  private void rewrapRemaining() {
    for (int steps = 0; steps < STEPS_AT_RETIREMENT; steps++)
      if (!(step() instanceof Step.Rewrapped)) return;
  }
}
