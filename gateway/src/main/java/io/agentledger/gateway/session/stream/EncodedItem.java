package io.agentledger.gateway.session.stream;

import io.agentledger.api.session.RunId;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * One item of a stream, encoded once for all transports: a chunk of an HTTP body, in it a
 * server-sent event, whose data is the plain JSON. The buffer is not reference-counted; it is
 * garbage-collected.
 *
 * @param position in its buffer, from 0 and dense; -1 if it belongs to no buffer
 * @param sequence sequence of the event; 0 for transient events
 * @param type as in the API
 * @param event name of the event; null for transient events
 */
record EncodedItem(
    long position,
    long sequence,
    String type,
    @Nullable String event,
    @Nullable RunId runId,
    ByteBuf page,
    int start,
    int eventStart,
    int jsonStart,
    int jsonEnd,
    int eventEnd,
    int end) {
  boolean hasSequence() {
    return sequence > 0;
  }

  int byteCount() {
    return end - start;
  }

  /** Returns the item as a server-sent event. */
  ByteBuf sseRecord() {
    return page.slice(eventStart, eventEnd - eventStart);
  }

  /** Returns the chunks from this item to {@code last}; all items between them are adjacent. */
  ByteBuf chunksTo(EncodedItem last) {
    return page.slice(start, last.end - start);
  }

  ByteBuf json() {
    return page.slice(jsonStart, jsonEnd - jsonStart);
  }

  /** Returns whether {@code next} directly follows this item in the same buffer page. */
  boolean isAdjacentTo(EncodedItem next) {
    return page == next.page && end == next.start;
  }
}
