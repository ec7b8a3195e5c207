package io.agentledger.api.shared;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class OrderedCopyTest {
  private static int comparisons;

  /** Names of one hash, like those that an attacker finds. */
  private record Name(int number) implements Comparable<Name> {
    @Override
    public int hashCode() {
      return 1;
    }

    @Override
    public boolean equals(Object other) {
      comparisons++;
      return other instanceof Name name && name.number == number;
    }

    @Override
    public int compareTo(Name other) {
      comparisons++;
      return Integer.compare(number, other.number);
    }
  }

  @Test
  void orderIsKept() {
    var map = new LinkedHashMap<String, Integer>();
    IntStream.range(0, 100).forEach(i -> map.put("name" + i, i));
    assertThat(OrderedCopy.of(map)).containsExactlyEntriesOf(map);
    assertThat(OrderedCopy.of(List.of("b", "a", "b"))).containsExactly("b", "a");
  }

  @Test
  void copiesAreIndependentOfTheirSource() {
    var map = new LinkedHashMap<>(Map.of("a", 1));
    var names = new ArrayList<>(List.of("a"));
    var mapCopy = OrderedCopy.of(map);
    var setCopy = OrderedCopy.of(names);
    map.put("b", 2);
    names.add("b");
    assertThat(mapCopy).isEqualTo(Map.of("a", 1));
    assertThat(setCopy).containsExactly("a");
    assertThatThrownBy(() -> mapCopy.put("b", 2)).isInstanceOf(UnsupportedOperationException.class);
    assertThatThrownBy(() -> setCopy.add("b")).isInstanceOf(UnsupportedOperationException.class);
  }

  @Test
  void nullIsRefused() {
    var map = new LinkedHashMap<String, Integer>();
    map.put("a", null);
    assertThatThrownBy(() -> OrderedCopy.of(map)).isInstanceOf(NullPointerException.class);
    assertThatThrownBy(() -> OrderedCopy.of(Arrays.asList("a", null)))
        .isInstanceOf(NullPointerException.class);
  }

  @Test
  void namesOfEqualHashesAreNotComparedWithAllOthers() {
    int count = 2_000;
    var map = new LinkedHashMap<Name, Integer>();
    for (int i = 0; i < count; i++) map.put(new Name(i), i);
    comparisons = 0;
    assertThat(OrderedCopy.of(map).keySet().size() + OrderedCopy.of(map.keySet()).size())
        .isEqualTo(2 * count);
    assertThat(comparisons).isLessThan(200 * count);
  }
}
