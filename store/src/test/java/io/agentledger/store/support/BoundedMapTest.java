package io.agentledger.store.support;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BoundedMapTest {
  private final List<String> fallen = new ArrayList<>();

  private static void fill(Map<String, Integer> entries) {
    entries.put("a", 1);
    entries.put("b", 2);
    entries.get("a");
    entries.put("c", 3);
  }

  @Test
  void evictsTheFirstInserted() {
    var entries = BoundedMap.<String, Integer>insertionOrdered(2);
    fill(entries);
    assertThat(entries).containsOnlyKeys("b", "c");
  }

  @Test
  void evictsTheLeastRecentlyUsed() {
    var entries = BoundedMap.<String, Integer>accessOrdered(2);
    fill(entries);
    assertThat(entries).containsOnlyKeys("a", "c");
  }

  @Test
  void computedValuesAreBounded() {
    var entries = BoundedMap.<String, Integer>insertionOrdered(2);
    for (var key : List.of("a", "b", "c")) entries.computeIfAbsent(key, String::length);
    entries.merge("d", 4, Integer::sum);
    assertThat(entries).containsOnlyKeys("c", "d");
  }

  @Test
  void evictionListenerIsCalledForEvictedButNotRemovedValues() {
    var entries =
        BoundedMap.<String, Integer>insertionOrdered(1, (key, value) -> fallen.add(key + value));
    entries.put("a", 1);
    entries.remove("a");
    entries.put("b", 2);
    entries.put("c", 3);
    assertThat(fallen).containsExactly("b2");
  }
}
