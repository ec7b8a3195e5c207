package io.agentledger.gateway.session.workspace;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentledger.api.workspace.WorkspaceFiles.ArchiveWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.springframework.core.io.buffer.DataBufferUtils;
import reactor.test.StepVerifier;

class ArchiveBytesTest {
  /** Operations of the archives' executor. */
  private final List<Runnable> operations = new ArrayList<>();

  /** Archive with a constant content. */
  private record TextArchive(Executor executor) implements ArchiveWriter {
    @Override
    public void writeTo(OutputStream out) throws IOException {
      out.write("content".getBytes(StandardCharsets.UTF_8));
    }
  }

  private final ArchiveWriter archive = new TextArchive(operations::add);

  @Test
  void archiveIsWrittenOnItsExecutor() {
    StepVerifier.create(
            FileService.archiveBytes(archive)
                .doOnNext(DataBufferUtils::release)
                .map(buffer -> buffer.capacity()))
        .then(() -> operations.removeFirst().run())
        .expectNextCount(1)
        .verifyComplete();
  }

  @Test
  void archiveWhoseClientHasGoneIsNotWritten() {
    var download = FileService.archiveBytes(archive).subscribe();
    assertThat(operations).hasSize(1);
    download.dispose();
    assertThat((Future<?>) operations.getFirst()).isCancelled();
  }
}
