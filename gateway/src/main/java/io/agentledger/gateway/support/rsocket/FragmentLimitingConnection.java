package io.agentledger.gateway.support.rsocket;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.codec.TooLongFrameException;
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
 * Limits the size of all incomplete payloads of a connection together, before authentication, and
 * closes the connection after a frame that the codec refuses. RSocket limits the size of one
 * fragmented payload, but not the number of incomplete ones. Frames arrive on one event loop.
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
              else sendErrorAndClose(new ConnectionErrorException("too many incomplete payloads"));
            })
        .cast(ByteBuf.class)
        .onErrorResume(TooLongFrameException.class, this::rejectTooLong);
  }

  /** RSocket ignores the error of the codec, which skips the frame: its request would wait. */
  private Flux<ByteBuf> rejectTooLong(TooLongFrameException tooLong) {
    sendErrorAndClose(new ConnectionErrorException("a frame exceeds 1 MiB"));
    return Flux.never(); // It ends with the connection.
  }

  private boolean tryCountFragment(ByteBuf frame) {
    if (frame.readableBytes() < FrameHeaderCodec.size()) return true; // Rejected later.
    int stream = FrameHeaderCodec.streamId(frame);
    if (stream == 0) return true;
    long pendingBytes = pendingFragmentBytes.getOrDefault(stream, 0L);
    boolean hasMore = canHaveFragments(frame) && FrameHeaderCodec.hasFollows(frame);
    // A fragment needs more memory than its bytes.
    long addedBytes = hasMore ? Math.max(FRAGMENT_BYTES_MIN, frame.readableBytes()) : -pendingBytes;
    if (hasMore) pendingFragmentBytes.put(stream, pendingBytes + addedBytes);
    else if (pendingBytes > 0) pendingFragmentBytes.remove(stream);
    bytes += addedBytes;
    return bytes <= BYTES_MAX;
  }

  /**
   * Returns whether a frame is a request or one that follows it; the same bit has another meaning
   * in other frames.
   */
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
