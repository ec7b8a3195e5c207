package io.agentledger.api.shared;

import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Unmodifiable copies that keep the order. Those of {@link Map#copyOf} and {@link Set#copyOf} have
 * another order in each process, and need quadratic time for names of equal hashes, which a request
 * may contain.
 */
public final class OrderedCopy {
  private OrderedCopy() {}

  /**
   * Returns a copy of the map.
   *
   * @throws NullPointerException if a key or value is null
   */
  public static <K, V> Map<K, V> of(Map<? extends K, ? extends V> map) {
    if (map.isEmpty()) return Map.of();
    Map<K, V> copy = LinkedHashMap.newLinkedHashMap(map.size());
    map.forEach(
        (key, value) -> copy.put(Objects.requireNonNull(key), Objects.requireNonNull(value)));
    return Collections.unmodifiableMap(copy);
  }

  /**
   * Returns the elements without duplicates.
   *
   * @throws NullPointerException if an element is null
   */
  public static <E> Set<E> of(Collection<? extends E> elements) {
    if (elements.isEmpty()) return Set.of();
    Set<E> copy = new LinkedHashSet<>();
    elements.forEach(element -> copy.add(Objects.requireNonNull(element)));
    return Collections.unmodifiableSet(copy);
  }
}
