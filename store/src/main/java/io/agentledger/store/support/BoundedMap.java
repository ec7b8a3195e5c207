package io.agentledger.store.support;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiConsumer;

/**
 * A map with a maximum number of entries: a new entry evicts the eldest. Not thread-safe; with
 * access order, a lookup is a modification, too.
 */
public final class BoundedMap<K, V> extends LinkedHashMap<K, V> {
  private static final long serialVersionUID = 1L;

  private final int countMax;
  private final transient BiConsumer<? super K, ? super V> onEviction;

  private BoundedMap(int countMax, boolean byUse, BiConsumer<? super K, ? super V> onEviction) {
    super(16, .75f, byUse);
    this.countMax = countMax;
    this.onEviction = onEviction;
  }

  /** Creates a map that evicts the entry that was inserted first. */
  public static <K, V> Map<K, V> insertionOrdered(int countMax) {
    return insertionOrdered(countMax, (key, value) -> {});
  }

  /**
   * Creates such a map with a listener.
   *
   * @param onEviction is called with evicted entries, not with removed ones
   */
  public static <K, V> Map<K, V> insertionOrdered(
      int countMax, BiConsumer<? super K, ? super V> onEviction) {
    return new BoundedMap<>(countMax, false, onEviction);
  }

  /** Creates a map that evicts the entry that was used longest ago. */
  public static <K, V> Map<K, V> accessOrdered(int countMax) {
    return accessOrdered(countMax, (key, value) -> {});
  }

  /**
   * Creates such a map with a listener.
   *
   * @param onEviction is called with evicted entries, not with removed ones
   */
  public static <K, V> Map<K, V> accessOrdered(
      int countMax, BiConsumer<? super K, ? super V> onEviction) {
    return new BoundedMap<>(countMax, true, onEviction);
  }

  @Override
  protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
    if (size() <= countMax) return false;
    onEviction.accept(eldest.getKey(), eldest.getValue());
    return true;
  }
}
