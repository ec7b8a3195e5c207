package io.agentledger.command.support;

import java.util.Map;
import java.util.function.Function;

/**
 * Memoizer of a function, for the arguments that were used last. It computes outside of its lock,
 * so that no argument delays another; two threads may compute the value of the same argument.
 * Failures are not kept. Thread-safe.
 */
public final class Memoizer<K, V> {
  private final Function<K, V> function;
  private final Map<K, V> values;

  /** Creates a memoizer with at most {@code countMax} values. */
  public Memoizer(int countMax, Function<K, V> function) {
    this.function = function;
    this.values = BoundedMap.accessOrdered(countMax);
  }

  public V get(K argument) {
    synchronized (values) {
      var known = values.get(argument);
      if (known != null) return known;
    }
    var value = function.apply(argument);
    synchronized (values) {
      values.put(argument, value);
    }
    return value;
  }
}
