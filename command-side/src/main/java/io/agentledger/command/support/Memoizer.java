package io.agentledger.command.support;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/**
 * Memoizer of a function, for the arguments that were used last. It computes outside of its lock,
 * so that no argument delays another; two threads may compute the value of the same argument.
 * Failures are not kept. Thread-safe.
 */
public final class Memoizer<K, V> {
  private final int countMax;
  private final long weightMax;
  private final ToLongFunction<V> weigher;
  private final Function<K, V> function;
  private final Map<K, V> values = new LinkedHashMap<>(16, .75f, true);
  private long weight;

  /** Creates a memoizer with at most {@code countMax} values of any weight. */
  public Memoizer(int countMax, Function<K, V> function) {
    this(countMax, Long.MAX_VALUE, value -> 0, function);
  }

  /**
   * Creates a memoizer with at most {@code countMax} values.
   *
   * @param weightMax maximum weight of all values together; a heavier value is not kept
   */
  public Memoizer(
      int countMax, long weightMax, ToLongFunction<V> weigher, Function<K, V> function) {
    this.countMax = countMax;
    this.weightMax = weightMax;
    this.weigher = weigher;
    this.function = function;
  }

  public V get(K argument) {
    synchronized (values) {
      var known = values.get(argument);
      if (known != null) return known;
    }
    var value = function.apply(argument);
    synchronized (values) {
      var earlier = values.put(argument, value);
      weight += weigher.applyAsLong(value);
      if (earlier != null) weight -= weigher.applyAsLong(earlier);
      evict();
    }
    return value;
  }

  private void evict() {
    var eldest = values.values().iterator();
    while (values.size() > countMax || weight > weightMax) {
      weight -= weigher.applyAsLong(eldest.next());
      eldest.remove();
    }
  }
}
