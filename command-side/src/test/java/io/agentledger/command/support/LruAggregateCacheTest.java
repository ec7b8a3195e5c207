package io.agentledger.command.support;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.axonframework.common.caching.Cache.EntryListenerAdapter;
import org.junit.jupiter.api.Test;

class LruAggregateCacheTest {
  private final LruAggregateCache cache = new LruAggregateCache(2);

  @Test
  void whatWasUsedLongestAgoFallsOutFirst() {
    cache.put("a", 1);
    cache.put("b", 2);
    cache.<String, Integer>get("a");
    cache.put("c", 3);
    assertThat(cache.containsKey("a")).isTrue();
    assertThat(cache.containsKey("b")).isFalse();
    assertThat(cache.<String, Integer>get("c")).isEqualTo(3);
  }

  @Test
  void whatIsThereIsNotReplacedByPutIfAbsent() {
    assertThat(cache.putIfAbsent("a", 1)).isTrue();
    assertThat(cache.putIfAbsent("a", 2)).isFalse();
    assertThat(cache.<Integer>computeIfAbsent("a", () -> 3)).isEqualTo(1);
    assertThat(cache.<Integer>computeIfAbsent("b", () -> 4)).isEqualTo(4);
  }

  @Test
  void whatIsRemovedIsGone() {
    cache.put("a", 1);
    assertThat(cache.remove("a")).isTrue();
    assertThat(cache.remove("a")).isFalse();
    cache.put("b", 2);
    cache.removeAll();
    assertThat(cache.<String, Integer>get("b")).isNull();
  }

  @Test
  void anUpdateToNothingRemoves() {
    cache.put("a", 1);
    cache.<Integer>computeIfPresent("a", one -> one + 1);
    assertThat(cache.<String, Integer>get("a")).isEqualTo(2);
    cache.<Integer>computeIfPresent("a", one -> null);
    cache.<Integer>computeIfPresent("a", one -> 7);
    assertThat(cache.containsKey("a")).isFalse();
  }

  @Test
  void listenersHearUntilTheyLeave() {
    List<Object> heard = new ArrayList<>();
    var registration =
        cache.registerCacheEntryListener(
            new EntryListenerAdapter() {
              @Override
              public void onEntryExpired(Object key) {
                heard.add(key);
              }

              @Override
              public void onEntryRemoved(Object key) {
                heard.add(key);
              }
            });
    cache.put("a", 1);
    cache.remove("a");
    cache.put("c", 3);
    cache.put("d", 4);
    cache.put("e", 5); // "c" falls out.
    registration.cancel();
    cache.put("b", 2);
    cache.remove("b");
    assertThat(heard).containsExactly("a", "c");
  }
}
