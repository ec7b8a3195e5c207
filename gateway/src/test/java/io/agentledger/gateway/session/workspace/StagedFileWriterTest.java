package io.agentledger.gateway.session.workspace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.PooledByteBufAllocator;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.NettyDataBuffer;
import org.springframework.core.io.buffer.NettyDataBufferFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;

class StagedFileWriterTest {
  private final NettyDataBufferFactory buffers =
      new NettyDataBufferFactory(PooledByteBufAllocator.DEFAULT);
  private final List<NettyDataBuffer> received = new ArrayList<>();

  @TempDir Path temporary;

  private DataBuffer receive(String text) {
    var buffer = (NettyDataBuffer) buffers.wrap(text.getBytes(StandardCharsets.UTF_8));
    var pooled = buffers.allocateBuffer(buffer.readableByteCount());
    pooled.write(buffer);
    received.add(pooled);
    return pooled;
  }

  private Path stagedFile() throws Exception {
    return Files.createFile(temporary.resolve("staged"));
  }

  private void assertReleased() {
    assertThat(received).allSatisfy(buffer -> assertThat(buffer.isAllocated()).isFalse());
  }

  @Test
  void contentIsWrittenAndItsBuffersAreReleased() throws Exception {
    var file = stagedFile();
    var content = Flux.just("one", "two").map(this::receive);
    StagedFileWriter.write(content, file, buffer -> {}).block();
    assertThat(file).hasContent("onetwo");
    assertReleased();
  }

  @Test
  void disconnectionCancelsTheContentAndReleasesItsBuffers() throws Exception {
    var content = Sinks.many().unicast().<String>onBackpressureBuffer();
    var cancelled = new ArrayList<String>();
    var upload =
        StagedFileWriter.write(
                content.asFlux().map(this::receive).doOnCancel(() -> cancelled.add("cancelled")),
                stagedFile(),
                buffer -> {})
            .subscribe();
    content.tryEmitNext("first");
    upload.dispose();
    assertThat(cancelled).containsExactly("cancelled");
    assertReleased();
  }

  @Test
  void rejectedContentIsReleased() throws Exception {
    var writing =
        StagedFileWriter.write(
            Flux.just("too much").map(this::receive),
            stagedFile(),
            buffer -> {
              throw new IllegalStateException("full");
            });
    assertThatThrownBy(writing::block).isInstanceOf(IllegalStateException.class);
    assertReleased();
  }

  @Test
  void deletedStagingFileIsNotCreatedAnew() {
    var deleted = temporary.resolve("deleted");
    var writing = StagedFileWriter.write(Flux.empty(), deleted, buffer -> {});
    assertThatThrownBy(writing::block).hasRootCauseInstanceOf(NoSuchFileException.class);
    assertThat(deleted).doesNotExist();
  }
}
