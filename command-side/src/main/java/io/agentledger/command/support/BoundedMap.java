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
  private final transient BiConsumer<? super K, ? super V> farewell;

  private BoundedMap(int countMax, boolean byUse, BiConsumer<? super K, ? super V> farewell) {
    super(16, .75f, byUse);
    this.countMax = countMax;
    this.farewell = farewell;
  }

  /** The eldest is what was put first. */
  public static <K, V> Map<K, V> put(int countMax) {
    return put(countMax, (key, value) -> {});
  }

  /**
   * The same.
   *
   * @param farewell hears what falls out, not what is removed
   */
  public static <K, V> Map<K, V> put(int countMax, BiConsumer<? super K, ? super V> farewell) {
    return new BoundedMap<>(countMax, false, farewell);
  }

  /** The eldest is what was used longest ago. */
  public static <K, V> Map<K, V> used(int countMax) {
    return used(countMax, (key, value) -> {});
  }

  /**
   * The same.
   *
   * @param farewell hears what falls out, not what is removed
   */
  public static <K, V> Map<K, V> used(int countMax, BiConsumer<? super K, ? super V> farewell) {
    return new BoundedMap<>(countMax, true, farewell);
  }

  @Override
  protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
    if (size() <= countMax) return false;
    farewell.accept(eldest.getKey(), eldest.getValue());
    return true;
  }
}
