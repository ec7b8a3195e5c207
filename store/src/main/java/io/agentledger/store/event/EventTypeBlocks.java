package io.agentledger.store.event;

import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Types of the stored events by blocks of their indexes, so that a reader of rare types need not
 * scan all events. It knows only blocks that have all of their events, and reads each once: some 40
 * bytes for a type and 300 blocks. Thread-safe.
 */
final class EventTypeBlocks {
  /** Indexes of a block. */
  static final int SIZE = 8_192;

  /** Blocks whose types are read by one statement. */
  private static final int READ_MAX = 24;

  private final Reader reader;
  private final Map<String, BitSet> blocksOfTypes = new HashMap<>();
  private int known;

  EventTypeBlocks(Reader reader) {
    this.reader = reader;
  }

  /** Reads the types of blocks from the database. */
  interface Reader {
    /** Returns the types of the events of the blocks from {@code first} to before {@code end}. */
    List<TypeOfBlock> read(int first, int end);
  }

  record TypeOfBlock(String type, int block) {}

  /**
   * Returns the first part of a range whose events have to be read; empty, at the end of the range,
   * if there is none.
   *
   * @param range ends with the index of a committed event
   * @param isRead whether events of a stored type are read
   */
  synchronized EventRange next(EventRange range, Predicate<String> isRead) {
    while (lastOf(known) <= range.last()) readMore(range.last());
    var wanted = new BitSet(known);
    blocksOfTypes.forEach(
        (type, blocks) -> {
          if (isRead.test(type)) wanted.or(blocks);
        });
    int begin = blockOf(range.after() + 1);
    int first = wanted.nextSetBit(begin);
    if (first < 0) first = Math.max(begin, known);
    int end = wanted.nextClearBit(first);
    long after = Math.max(range.after(), Math.min(range.last(), lastOf(first - 1)));
    long last = end >= known ? range.last() : Math.min(range.last(), lastOf(end - 1));
    return new EventRange(after, last);
  }

  private static long lastOf(int block) {
    return (block + 1L) * SIZE - 1;
  }

  private static int blockOf(long index) {
    return Math.toIntExact(index / SIZE);
  }

  private void readMore(long last) {
    int end = Math.min(known + READ_MAX, blockOf(last + 1));
    for (var found : reader.read(known, end))
      blocksOfTypes.computeIfAbsent(found.type(), type -> new BitSet()).set(found.block());
    known = end;
  }
}
