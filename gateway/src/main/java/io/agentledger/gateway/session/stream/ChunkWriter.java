package io.agentledger.gateway.session.stream;

import io.netty.channel.ChannelFutureListener;
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

  private final ChannelFutureListener onClose;
  private boolean written;

  /**
   * Creates a writer.
   *
   * @param onClose called when the channel has closed. Nobody else reports that if it happens
   *     before the headers are written.
   */
  ChunkWriter(ChannelHandlerContext httpCodec, Runnable onClose) {
    this.httpCodec = httpCodec;
    this.onClose = closed -> onClose.run();
    this.ignored = new VoidChannelPromise(httpCodec.channel(), false);
  }

  void open() {
    httpCodec.channel().closeFuture().addListener(onClose);
  }

  /** Ends the calls for the channel, which may have further responses. */
  void close() {
    httpCodec.channel().closeFuture().removeListener(onClose);
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
