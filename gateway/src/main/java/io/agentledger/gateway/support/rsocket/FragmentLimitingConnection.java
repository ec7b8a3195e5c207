package io.agentledger.gateway.support.rsocket;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.rsocket.DuplexConnection;
import io.rsocket.RSocketErrorException;
import io.rsocket.exceptions.ConnectionErrorException;
import io.rsocket.frame.FrameHeaderCodec;
import java.net.SocketAddress;
import java.util.HashMap;
import java.util.Map;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * RSocket bounds one payload that comes in pieces, but not how many are begun at a time, each of
 * which is kept until its last piece. Here all of a connection's together are bounded, before
 * anybody asks for a key. Frames arrive on one event loop.
 */
final class FragmentLimitingConnection implements DuplexConnection {
  private static final long BYTES_MAX = 4 * 1024 * 1024;
  private static final int FRAGMENT_BYTES_MIN = 256;

  private final DuplexConnection connection;
  private final Map<Integer, Long> pendingFragmentBytes = new HashMap<>();
  private long bytes;

  FragmentLimitingConnection(DuplexConnection connection) {
    this.connection = connection;
  }

  @Override
  public Flux<ByteBuf> receive() {
    return connection
        .receive()
        .handle(
            (frame, sink) -> {
              if (tryCountFragment(frame)) sink.next(frame);
              else sendErrorAndClose(new ConnectionErrorException("too much is begun"));
            });
  }

  private boolean tryCountFragment(ByteBuf frame) {
    if (frame.readableBytes() < FrameHeaderCodec.size()) return true; // Refused further on.
    int stream = FrameHeaderCodec.streamId(frame);
    if (stream == 0) return true;
    long pendingBytes = pendingFragmentBytes.getOrDefault(stream, 0L);
    boolean hasMore = canHaveFragments(frame) && FrameHeaderCodec.hasFollows(frame);
    // A piece costs more than its bytes.
    long addedBytes = hasMore ? Math.max(FRAGMENT_BYTES_MIN, frame.readableBytes()) : -pendingBytes;
    if (hasMore) pendingFragmentBytes.put(stream, pendingBytes + addedBytes);
    else if (pendingBytes > 0) pendingFragmentBytes.remove(stream);
    bytes += addedBytes;
    return bytes <= BYTES_MAX;
  }

  /** Requests and what follows them; the same bit means something else in other frames. */
  private static boolean canHaveFragments(ByteBuf frame) {
    return switch (FrameHeaderCodec.nativeFrameType(frame)) {
      case REQUEST_RESPONSE, REQUEST_FNF, REQUEST_STREAM, REQUEST_CHANNEL, PAYLOAD -> true;
      default -> false;
    };
  }

  @Override
  public void sendFrame(int streamId, ByteBuf frame) {
    connection.sendFrame(streamId, frame);
  }

  @Override
  public void sendErrorAndClose(RSocketErrorException error) {
    connection.sendErrorAndClose(error);
  }

  @Override
  public ByteBufAllocator alloc() {
    return connection.alloc();
  }

  @Override
  public SocketAddress remoteAddress() {
    return connection.remoteAddress();
  }

  @Override
  public Mono<Void> onClose() {
    return connection.onClose();
  }

  @Override
  public void dispose() {
    connection.dispose();
  }

  @Override
  public boolean isDisposed() {
    return connection.isDisposed();
  }

  @Override
  public double availability() {
    return connection.availability();
  }
}
