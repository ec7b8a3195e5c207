package io.agentledger.gateway.session.stream;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.VoidChannelPromise;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.NettyDataBufferFactory;

/**
 * Writer of complete chunks of a response whose headers have been written: past the encoder of
 * HTTP, which needs three buffers for each chunk. Everything happens on the channel's event loop.
 */
final class ChunkWriter {
  private final ChannelHandlerContext httpCodec;

  /** Failures close the channel, and that ends the response. */
  private final ChannelPromise ignored;

  private boolean written;

  ChunkWriter(ChannelHandlerContext httpCodec) {
    this.httpCodec = httpCodec;
    this.ignored = new VoidChannelPromise(httpCodec.channel(), false);
  }

  void write(DataBuffer chunks) {
    httpCodec.write(NettyDataBufferFactory.toByteBuf(chunks), ignored);
    written = true;
  }

  void flush() {
    if (!written) return;
    written = false;
    httpCodec.flush();
  }
}
