package io.agentledger.gateway.session.stream;

import io.agentledger.api.session.stream.StreamItem;
import io.agentledger.gateway.support.json.WireJson;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Encodes items, one behind the other, onto pages outside the heap that all followers share. For
 * one writer at a time; what was returned never changes and may be read by all.
 */
final class StreamItemEncoder {
  /** Large enough to be shared by many items, small enough to be let go of soon. */
  static final int PAGE_BYTES = 32 * 1024;

  private static final byte[] EVENT = ascii("event: ");
  private static final byte[] ID = ascii("\nid: ");
  private static final byte[] DATA = ascii("\ndata: ");
  private static final byte[] END = ascii("\n\n");

  private final WireJson json;
  private final int pageBytes;
  private ByteBuffer page = ByteBuffer.allocate(0);
  private ByteBuf view = Unpooled.EMPTY_BUFFER;

  StreamItemEncoder(WireJson json) {
    this(json, PAGE_BYTES);
  }

  private StreamItemEncoder(WireJson json, int pageBytes) {
    this.json = json;
    this.pageBytes = pageBytes;
  }

  /** One item that is of no log, on a page of its own. */
  static EncodedItem single(WireJson json, StreamItem item) {
    return new StreamItemEncoder(json, 0).add(-1, item);
  }

  /** Items of no log, for one follower. */
  static List<EncodedItem> encode(WireJson json, List<StreamItem> items) {
    var streamItemEncoder = new StreamItemEncoder(json);
    return items.stream().map(item -> streamItemEncoder.add(-1, item)).toList();
  }

  EncodedItem add(long position, StreamItem item) {
    var body = json.bytes(item);
    var type = ascii(item.type());
    var sequence = item.sequence();
    var id = sequence == null ? new byte[0] : ascii(sequence.toString());
    int head = EVENT.length + type.length + (id.length == 0 ? 0 : ID.length + id.length);
    makeRoom(head + DATA.length + body.length + END.length);
    int start = page.position();
    page.put(EVENT).put(type);
    if (id.length > 0) page.put(ID).put(id);
    page.put(DATA);
    int jsonStart = page.position();
    putOnOneLine(body);
    int jsonEnd = page.position();
    page.put(END);
    return new EncodedItem(
        position,
        sequence == null ? 0 : sequence,
        item.type(),
        item.runId(),
        view,
        start,
        jsonStart,
        jsonEnd,
        page.position());
  }

  private void makeRoom(int bytes) {
    if (page.remaining() >= bytes) return;
    page = ByteBuffer.allocateDirect(Math.max(pageBytes, bytes));
    view = Unpooled.unreleasableBuffer(Unpooled.wrappedBuffer(page.duplicate()));
  }

  /** In JSON a line break stands between tokens only; it would end the record. */
  private void putOnOneLine(byte[] body) {
    for (int i = 0; i < body.length; i++) if (body[i] == '\n' || body[i] == '\r') body[i] = ' ';
    page.put(body);
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
