package io.agentledger.store.event;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentledger.store.event.EventTypeBlocks.TypeOfBlock;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class EventTypeBlocksTest {
  private static final long SIZE = EventTypeBlocks.SIZE;
  private static final long HEAD = 100 * SIZE + 17;

  /** Types of 100 blocks: messages in each, and vaults in two. */
  private static final List<TypeOfBlock> STORED = new ArrayList<>();

  static {
    for (int block = 0; block <= 100; block++) STORED.add(new TypeOfBlock("message", block));
    STORED.add(new TypeOfBlock("vault", 3));
    STORED.add(new TypeOfBlock("vault", 50));
  }

  private final List<Integer> read = new ArrayList<>();
  private final EventTypeBlocks blocks = new EventTypeBlocks(this::read);

  private List<TypeOfBlock> read(int first, int end) {
    for (int block = first; block < end; block++) read.add(block);
    return STORED.stream().filter(type -> first <= type.block() && type.block() < end).toList();
  }

  private EventRange next(long after, long last, String... types) {
    return blocks.next(new EventRange(after, last), Set.of(types)::contains);
  }

  @Test
  void partsWithoutTheTypesAreLeftOut() {
    assertThat(next(-1, HEAD, "vault")).isEqualTo(new EventRange(3 * SIZE - 1, 4 * SIZE - 1));
    assertThat(next(4 * SIZE - 1, HEAD, "vault"))
        .isEqualTo(new EventRange(50 * SIZE - 1, 51 * SIZE - 1));
    assertThat(next(3 * SIZE + 5, HEAD, "vault"))
        .isEqualTo(new EventRange(3 * SIZE + 5, 4 * SIZE - 1));
    assertThat(next(-1, HEAD, "message", "vault")).isEqualTo(new EventRange(-1, HEAD));
  }

  @Test
  void blocksThatMayGetEventsAreRead() {
    assertThat(next(-1, 17, "vault")).isEqualTo(new EventRange(-1, 17));
    assertThat(next(51 * SIZE, HEAD, "vault")).isEqualTo(new EventRange(100 * SIZE - 1, HEAD));
    assertThat(next(100 * SIZE + 3, HEAD, "vault")).isEqualTo(new EventRange(100 * SIZE + 3, HEAD));
  }

  @Test
  void rangeWithoutTheTypesIsEmpty() {
    assertThat(next(-1, 2 * SIZE, "vault").last()).isEqualTo(2 * SIZE);
    assertThat(next(-1, 99 * SIZE - 1, "policy"))
        .isEqualTo(new EventRange(99 * SIZE - 1, 99 * SIZE - 1));
    assertThat(next(HEAD, HEAD, "policy").isEmpty()).isTrue();
  }

  @Test
  void eachBlockIsReadOnce() {
    next(-1, 30 * SIZE, "vault");
    next(-1, HEAD, "vault");
    next(-1, HEAD, "message");
    assertThat(read).hasSize(100).doesNotHaveDuplicates();
  }
}
