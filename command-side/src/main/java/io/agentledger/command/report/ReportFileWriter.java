package io.agentledger.command.report;

import io.agentledger.api.identity.TenantId;
import io.agentledger.api.report.ReportFile;
import io.agentledger.api.report.ReportId;
import io.agentledger.command.report.render.ReportRenderers;
import io.agentledger.store.NodeHome;
import io.agentledger.store.crypto.SealedBlobStore;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.springframework.util.FileSystemUtils;

/**
 * Writes a report into a scratch folder, seals it, and stores it in the content store. The scratch
 * folder is deleted afterwards, and those of a killed node at its next start.
 */
final class ReportFileWriter {
  private final ReportComposer composer;
  private final SealedBlobStore files;
  private final Path scratch;

  ReportFileWriter(ReportComposer composer, SealedBlobStore files, NodeHome home) {
    this.composer = composer;
    this.files = files;
    this.scratch = home.privateDirectory("reports");
  }

  /** Deletes what a killed node left behind. Must be called before the first report. */
  void deleteRemains() {
    try (var folders = Files.list(scratch)) {
      for (var folder : folders.toList()) FileSystemUtils.deleteRecursively(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Writes a report.
   *
   * @throws ReportInterruptedException if the thread was interrupted
   * @throws ReportTooLargeException if the file is too large
   */
  ReportFile write(ReportId report, TenantId tenant, ReportProgress progress) {
    try {
      var folder = Files.createTempDirectory(scratch, report.value());
      try {
        return write(report, tenant, progress, folder);
      } finally {
        FileSystemUtils.deleteRecursively(folder);
      }
    } catch (InterruptedIOException e) {
      throw new ReportInterruptedException();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write a report: " + e.getMessage(), e);
    }
  }

  private ReportFile write(ReportId report, TenantId tenant, ReportProgress progress, Path folder)
      throws IOException {
    var request = composer.find(report);
    var file = folder.resolve("report");
    var parts = Files.createDirectory(folder.resolve("parts"));
    try (var out = new LimitedOutputStream(Files.newOutputStream(file));
        var renderer = ReportRenderers.open(request.definition().format(), out, parts)) {
      composer.compose(request, tenant, renderer, progress);
      renderer.finish();
    }
    byte[] plain = Files.readAllBytes(file);
    var keyOwner = request.definition().keyOwner(report);
    var blob = files.put(keyOwner, ReportFile.PURPOSE, plain);
    return new ReportFile(blob.name(), plain.length, sha256(plain));
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Stream that refuses more bytes than a report may have. */
  private static final class LimitedOutputStream extends OutputStream {
    private final OutputStream out;
    private long written;

    LimitedOutputStream(OutputStream out) {
      this.out = out;
    }

    @Override
    public void write(int oneByte) throws IOException {
      count(1);
      out.write(oneByte);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      count(length);
      out.write(bytes, offset, length);
    }

    private void count(int length) {
      written += length;
      if (written > ReportFile.BYTES_MAX) throw new ReportTooLargeException();
    }

    @Override
    public void flush() throws IOException {
      out.flush();
    }

    @Override
    public void close() throws IOException {
      out.close();
    }
  }
}
