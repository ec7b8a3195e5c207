package io.agentledger.command.support;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiConsumer;

/**
 * A map of so many entries and no more: for one that is new the eldest falls out. Not for several
 * threads at once; where entries age by use, looking one up is a change, too.
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

  /** The eldest is what was put first. */
  public static <K, V> Map<K, V> insertionOrdered(int countMax) {
    return insertionOrdered(countMax, (key, value) -> {});
  }

  /**
   * The same.
   *
   * @param onEviction hears what falls out, not what is removed
   */
  public static <K, V> Map<K, V> insertionOrdered(
      int countMax, BiConsumer<? super K, ? super V> onEviction) {
    return new BoundedMap<>(countMax, false, onEviction);
  }

  /** The eldest is what was used longest ago. */
  public static <K, V> Map<K, V> accessOrdered(int countMax) {
    return accessOrdered(countMax, (key, value) -> {});
  }

  /**
   * The same.
   *
   * @param onEviction hears what falls out, not what is removed
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
