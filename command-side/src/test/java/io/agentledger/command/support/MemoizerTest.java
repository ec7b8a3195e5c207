package io.agentledger.command.support;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class MemoizerTest {
  @Test
  void onlyTheArgumentsThatWereUsedLastAreKept() {
    var computed = new ArrayList<String>();
    var memoizer =
        new Memoizer<String, Integer>(
            2,
            text -> {
              computed.add(text);
              return text.length();
            });
    for (var text : new String[] {"a", "bb", "a", "ccc", "a", "bb"})
      assertThat(memoizer.get(text)).isEqualTo(text.length());
    assertThat(computed).containsExactly("a", "bb", "ccc", "bb");
  }

  @Test
  void valuesThatWereUsedLastAreKeptUpToTheirWeight() {
    var computed = new ArrayList<String>();
    var memoizer =
        new Memoizer<String, Integer>(
            100,
            5,
            Integer::longValue,
            text -> {
              computed.add(text);
              return text.length();
            });
    for (var text : new String[] {"aa", "bbb", "aa", "bbb", "c", "bbb", "aa", "dddddd", "c"})
      assertThat(memoizer.get(text)).isEqualTo(text.length());
    assertThat(computed).containsExactly("aa", "bbb", "c", "aa", "dddddd", "c");
  }

  @Test
  @Timeout(120)
  void slowComputationDelaysNoOtherArgument() throws InterruptedException {
    var begun = new CountDownLatch(1);
    var released = new CountDownLatch(1);
    var memoizer =
        new Memoizer<String, String>(
            10,
            text -> {
              if (text.equals("slow")) {
                begun.countDown();
                await(released);
              }
              return text;
            });
    var slow = CompletableFuture.supplyAsync(() -> memoizer.get("slow"));
    begun.await();
    assertThat(memoizer.get("fast")).isEqualTo("fast");
    released.countDown();
    assertThat(slow.join()).isEqualTo("slow");
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
