package io.agentledger.store.crypto;

import io.agentledger.api.shared.OpsRejection;
import io.agentledger.api.shared.Rejection;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.store.crypto.MasterKeyTable.Known;
import io.agentledger.store.crypto.MasterKeyTable.Wrapped;
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

  /** How a rotation stands. */
  public sealed interface Step {
    /** These nodes do not hold the new key yet. */
    record Waiting(List<String> nodes) implements Step {}

    /** So many were wrapped again, and there may be more. */
    record Wrapped(int count) implements Step {}

    /** Nothing is under an old key. */
    record Done() implements Step {}
  }

  /**
   * A master key as it stands.
   *
   * @param state announced, primary or old
   * @param wraps how many secrets are under it
   * @param holders the living nodes that have it
   * @param missing the living nodes that have it not
   */
  public record KeyStatus(
      String id,
      String state,
      Instant since,
      long wraps,
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

  private KeyStatus status(Known key) {
    long wraps = keys.tables().stream().mapToLong(of -> masterKeyTable.count(of, key.id())).sum();
    return new KeyStatus(
        key.id(),
        key.state(),
        key.since(),
        wraps,
        masterKeyTable.holders(key.id()),
        masterKeyTable.without(key.id()));
  }

  /**
   * The id of the key that is to be the next one, made now where the source can: it wraps nothing
   * until it is announced. Refused while another rotation is under way, and where nobody gave
   * another key.
   */
  public synchronized String next() {
    if (masterKeyTable.inState("announced").isPresent() || isUnfinished())
      throw new RejectionException(new OpsRejection.RotationUnderway());
    String preferred = keys.source().read().orElseThrow().preferred();
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
    return status().stream().anyMatch(key -> key.state().equals("old") && key.wraps() > 0);
  }

  /** One step on, if it can be taken; safe on several nodes at once. */
  public Step step() {
    var announced = masterKeyTable.inState("announced");
    if (announced.isPresent()) {
      var missing = masterKeyTable.without(announced.get());
      if (!missing.isEmpty()) return new Step.Waiting(missing);
      masterKeyTable.promote(announced.get());
    }
    keys.refresh();
    var count = new AtomicInteger();
    for (var of : keys.tables()) masterKeyTable.inNewTransaction(() -> count.addAndGet(rewrap(of)));
    if (count.get() > 0) return new Step.Wrapped(count.get());
    return isUnfinished() ? new Step.Wrapped(0) : new Step.Done(); // Others have rows in hand.
  }

  private int rewrap(WrappedSecretTable of) {
    var primary = keys.primary();
    var batch = masterKeyTable.outdated(of, BATCH);
    for (Wrapped old : batch)
      try {
        byte[] wrapped =
            of.rewrap(old.row(), old.wrapped(), keys.keyOf(old.master()), primary.aead());
        masterKeyTable.replace(of, old.row(), wrapped, primary.id());
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException(
            "the secret of " + of.table() + " " + old.row() + " cannot be wrapped again", e);
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
            .filter(known -> known.id().equals(id))
            .findAny()
            .orElseThrow(() -> new RejectionException(new Rejection.NotFound("master_key", id)));
    if (!key.state().equals("old"))
      throw new RejectionException(new OpsRejection.MasterKeyInUse(id));
    wrapTheRest();
    try {
      masterKeyTable.removeOld(id);
    } catch (DataIntegrityViolationException stillNeeded) {
      throw new RejectionException(new OpsRejection.MasterKeyInUse(id));
    }
    keys.source().destroy(id);
    keys.refresh();
  }

  /** What slow nodes left, not a whole keyring. */
  private void wrapTheRest() {
    for (int steps = 0; steps < STEPS_AT_RETIREMENT; steps++)
      if (!(step() instanceof Step.Wrapped)) return;
  }
}
