package io.agentledger.gateway.session.stream;

import io.agentledger.api.session.query.SessionView;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.NettyDataBufferFactory;
import org.springframework.web.reactive.socket.WebSocketMessage;

/** Format in which one protocol delivers stream items. */
interface StreamFormat<T> {
  NettyDataBufferFactory BUFFERS = new NettyDataBufferFactory(ByteBufAllocator.DEFAULT);

  /** Server-sent events. */
  StreamFormat<DataBuffer> SSE = new Sse();

  /** Server-sent events in chunks of HTTP; adjacent items are sent as one slice. */
  StreamFormat<DataBuffer> CHUNKED_SSE = new ChunkedSse();

  /** One text message for each item. */
  StreamFormat<WebSocketMessage> WEB_SOCKET = new WebSocket();

  /** One payload for each item. */
  StreamFormat<DataBuffer> RSOCKET = new RSocket();

  /**
   * Encodes the items from {@code first} to {@code last}, which are adjacent; one item in formats
   * without chunks. Returns null for an item that the format omits.
   */
  @Nullable T encode(EncodedItem first, EncodedItem last);

  /** Returns the format for the stream of the session. */
  default StreamFormat<T> forSession(SessionView session) {
    return this;
  }

  /**
   * Returns whether all but the greeting are complete chunks of the body, which bypass the encoder
   * of HTTP and may be joined.
   */
  default boolean isChunked() {
    return false;
  }

  /** Encodes a JSON object that is not an item. */
  T encodeJson(byte[] object);

  /** Returns the first message, with which the client detects that it is connected. */
  default @Nullable T greeting() {
    return null;
  }

  /** Returns the message that keeps an idle connection open. */
  default @Nullable T ping() {
    return null;
  }

  private static DataBuffer wrap(ByteBuf bytes) {
    return BUFFERS.wrap(bytes);
  }

  /** See {@link #SSE}. */
  class Sse implements StreamFormat<DataBuffer> {
    private static final byte[] GREETING = ": agentledger\n\n".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] PING = ": ping\n\n".getBytes(StandardCharsets.US_ASCII);

    @Override
    public DataBuffer encode(EncodedItem first, EncodedItem last) {
      return wrap(first.sseRecord());
    }

    @Override
    public DataBuffer encodeJson(byte[] object) {
      throw new UnsupportedOperationException("server-sent events are one-way");
    }

    @Override
    public DataBuffer greeting() {
      return wrap(Unpooled.wrappedBuffer(GREETING));
    }

    @Override
    public DataBuffer ping() {
      return wrap(Unpooled.wrappedBuffer(PING));
    }
  }

  /** See {@link #CHUNKED_SSE}. */
  final class ChunkedSse extends Sse {
    private static final byte[] PING = "8\r\n: ping\n\n\r\n".getBytes(StandardCharsets.US_ASCII);

    @Override
    public DataBuffer encode(EncodedItem first, EncodedItem last) {
      return wrap(first.chunksTo(last));
    }

    @Override
    public boolean isChunked() {
      return true;
    }

    @Override
    public DataBuffer ping() {
      return wrap(Unpooled.wrappedBuffer(PING));
    }
  }

  /** See {@link #WEB_SOCKET}. */
  final class WebSocket implements StreamFormat<WebSocketMessage> {
    @Override
    public WebSocketMessage encode(EncodedItem first, EncodedItem last) {
      return textMessage(first.json());
    }

    @Override
    public WebSocketMessage encodeJson(byte[] object) {
      return textMessage(Unpooled.wrappedBuffer(object));
    }

    @Override
    public WebSocketMessage ping() {
      return new WebSocketMessage(WebSocketMessage.Type.PING, wrap(Unpooled.EMPTY_BUFFER));
    }

    private static WebSocketMessage textMessage(ByteBuf bytes) {
      return new WebSocketMessage(WebSocketMessage.Type.TEXT, wrap(bytes));
    }
  }

  /** See {@link #RSOCKET}. */
  final class RSocket implements StreamFormat<DataBuffer> {
    @Override
    public DataBuffer encode(EncodedItem first, EncodedItem last) {
      return wrap(first.json());
    }

    @Override
    public DataBuffer encodeJson(byte[] object) {
      return wrap(Unpooled.wrappedBuffer(object));
    }
  }
}
