package io.agentledger.gateway.session.stream;

import io.agentledger.api.session.stream.StreamItem;
import io.agentledger.gateway.support.json.WireJson;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Encodes items one after the other into off-heap pages that all subscriptions share. For one
 * writer at a time; returned items never change and may be read by all threads.
 */
final class StreamItemEncoder {
  /** Large enough to be shared by many items, small enough to be released soon. */
  static final int PAGE_BYTES = 32 * 1024;

  /** Size from which a subscription gets no further event before it has sent what it has. */
  static final int BACKLOG_BYTES = 256 * 1024;

  private static final byte[] EVENT = toAscii("event: ");
  private static final byte[] ID = toAscii("\nid: ");
  private static final byte[] DATA = toAscii("\ndata: ");
  private static final byte[] END = toAscii("\n\n");
  private static final byte[] CHUNK_LINE_END = toAscii("\r\n");

  private final WireJson json;
  private final int pageBytes;
  private ByteBuffer page = ByteBuffer.allocate(0);
  private ByteBuf pageView = Unpooled.EMPTY_BUFFER;

  StreamItemEncoder(WireJson json) {
    this(json, PAGE_BYTES);
  }

  private StreamItemEncoder(WireJson json, int pageBytes) {
    this.json = json;
    this.pageBytes = pageBytes;
  }

  /** Encodes one item that belongs to no buffer, on its own page. */
  static EncodedItem encodeSingle(WireJson json, StreamItem item) {
    return new StreamItemEncoder(json, 0).append(-1, item);
  }

  /**
   * Encodes items that belong to no buffer, for one subscription: the first ones, until they have
   * {@link #BACKLOG_BYTES} or more.
   */
  static List<EncodedItem> encodeFirst(WireJson json, List<StreamItem> items) {
    var streamItemEncoder = new StreamItemEncoder(json);
    var encodedItems = new ArrayList<EncodedItem>();
    int bytes = 0;
    for (var item : items) {
      if (bytes >= BACKLOG_BYTES) break;
      var encodedItem = streamItemEncoder.append(-1, item);
      encodedItems.add(encodedItem);
      bytes += encodedItem.byteCount();
    }
    return encodedItems;
  }

  EncodedItem append(long position, StreamItem item) {
    var body = json.toBytes(item);
    var type = toAscii(item.type());
    var sequence = item.sequence();
    var id = sequence == null ? new byte[0] : toAscii(sequence.toString());
    int headerBytes = EVENT.length + type.length + (id.length == 0 ? 0 : ID.length + id.length);
    int eventBytes = headerBytes + DATA.length + body.length + END.length;
    var chunkSize = toAscii(Integer.toHexString(eventBytes));
    ensureCapacity(chunkSize.length + eventBytes + 2 * CHUNK_LINE_END.length);
    int start = page.position();
    page.put(chunkSize).put(CHUNK_LINE_END);
    int eventStart = page.position();
    page.put(EVENT).put(type);
    if (id.length > 0) page.put(ID).put(id);
    page.put(DATA);
    int jsonStart = page.position();
    putWithoutLineBreaks(body);
    int jsonEnd = page.position();
    page.put(END);
    int eventEnd = page.position();
    page.put(CHUNK_LINE_END);
    return new EncodedItem(
        position,
        sequence == null ? 0 : sequence,
        item.type(),
        item.event(),
        item.runId(),
        pageView,
        start,
        eventStart,
        jsonStart,
        jsonEnd,
        eventEnd,
        page.position());
  }

  private void ensureCapacity(int bytes) {
    if (page.remaining() >= bytes) return;
    page = allocate(Math.max(pageBytes, bytes));
    pageView = Unpooled.unreleasableBuffer(Unpooled.wrappedBuffer(page.duplicate()));
  }

  /** Fails with an exception, because no stream recovers from an error. */
  private static ByteBuffer allocate(int bytes) {
    try {
      return ByteBuffer.allocateDirect(bytes);
    } catch (OutOfMemoryError exceeded) {
      throw new IllegalStateException("no memory for the events of a stream", exceeded);
    }
  }

  /** Removes line breaks, which are insignificant in JSON and would end the event. */
  private void putWithoutLineBreaks(byte[] body) {
    for (int i = 0; i < body.length; i++) if (body[i] == '\n' || body[i] == '\r') body[i] = ' ';
    page.put(body);
  }

  private static byte[] toAscii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
