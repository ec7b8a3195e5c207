package io.agentledger.gateway.session.workspace;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.function.Consumer;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Writes received content to staging files. */
final class StagedFileWriter {
  private StagedFileWriter() {}

  /**
   * Writes content to an existing file. When the client disconnects, the content is cancelled and
   * the file is closed.
   *
   * @param received called with each number of bytes before they are written; may reject them
   */
  static Mono<Void> write(
      Flux<DataBuffer> content, Path stagedFile, Consumer<DataBuffer> received) {
    return Flux.using(
            () -> AsynchronousFileChannel.open(stagedFile, StandardOpenOption.WRITE),
            channel ->
                DataBufferUtils.write(
                    content.map(StagedFileWriter::moveToHeap).doOnNext(received), channel),
            StagedFileWriter::close)
        .then();
  }

  /**
   * Copies a buffer to the heap and releases it: buffers that a cancelled operator drops are
   * garbage then, and not a leak of the pool.
   */
  static DataBuffer moveToHeap(DataBuffer buffer) {
    try {
      var bytes = new byte[buffer.readableByteCount()];
      buffer.read(bytes);
      return DefaultDataBufferFactory.sharedInstance.wrap(bytes);
    } finally {
      DataBufferUtils.release(buffer);
    }
  }

  private static void close(AsynchronousFileChannel channel) {
    try {
      channel.close();
    } catch (IOException exception) {
      throw new UncheckedIOException(exception);
    }
  }
}
