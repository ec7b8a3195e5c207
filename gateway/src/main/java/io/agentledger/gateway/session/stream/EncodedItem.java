package io.agentledger.gateway.session.stream;

import io.agentledger.api.session.RunId;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * One item of a stream, encoded once for all transports: the record of server-sent events, whose
 * inner part is the bare JSON. The page is never released by hand; it goes when nobody sees it.
 *
 * @param position in its log, from 0 and dense; -1 when it is of no log
 * @param sequence of the fact; 0 on frames
 * @param type as on the wire
 */
record EncodedItem(
    long position,
    long sequence,
    String type,
    @Nullable RunId runId,
    ByteBuf page,
    int start,
    int jsonStart,
    int jsonEnd,
    int end) {
  boolean hasSequence() {
    return sequence > 0;
  }

  int byteCount() {
    return end - start;
  }

  /** As a record of server-sent events. */
  ByteBuf sseRecord() {
    return page.slice(start, end - start);
  }

  ByteBuf json() {
    return page.slice(jsonStart, jsonEnd - jsonStart);
  }

  /** Whether {@code next} stands right behind this one on the same page. */
  boolean isAdjacentTo(EncodedItem next) {
    return page == next.page && end == next.start;
  }
}
