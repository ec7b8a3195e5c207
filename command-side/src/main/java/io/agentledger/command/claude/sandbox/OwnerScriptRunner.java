package io.agentledger.command.claude.sandbox;

import io.agentledger.command.claude.host.BoundDirectory;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Runs scripts in bound directories as the directory's owner. At level full the script runs in a
 * sandbox that contains only the directory: links cannot lead out of it, a directory that replaced
 * it is not written to, and new files belong to the owner from the start. Blocks.
 */
public final class OwnerScriptRunner {
  private static final Duration TIMEOUT = Duration.ofMinutes(10);
  private static final int OUTPUT_BYTES_MAX = 4096;

  private final Sandbox sandbox;

  public OwnerScriptRunner(Sandbox sandbox) {
    this.sandbox = sandbox;
  }

  /** Writes the standard input of a command. */
  public interface StdinWriter {
    void writeTo(OutputStream out) throws IOException;
  }

  /**
   * @param script for sh, whose working directory is the bound directory; its arguments follow
   * @throws IOException if the script fails or times out
   */
  public void run(
      SessionPaths sessionPaths, String script, List<String> arguments, StdinWriter stdinWriter)
      throws IOException {
    BoundDirectory folder = sessionPaths.boundDirectory().orElseThrow();
    String name =
        sessionPaths.base().getFileName() + "-hand-" + Long.toHexString(System.nanoTime());
    List<String> inner = new ArrayList<>(List.of("sh", "-c", "umask 022; " + script, "sh"));
    inner.addAll(arguments);
    List<String> line = new ArrayList<>(List.of("timeout", "-k", "5", TIMEOUT.toSeconds() + ""));
    line.addAll(sandbox.ownerCommand(sessionPaths, folder, name, inner));
    ProcessBuilder builder = new ProcessBuilder(line).redirectErrorStream(true);
    builder.directory(folder.source().toFile());
    builder.environment().clear();
    builder.environment().putAll(Map.of("PATH", Sandbox.PATH, "LC_ALL", "C.UTF-8"));
    try {
      feedAndWait(builder.start(), stdinWriter);
    } finally {
      sandbox.resourceLimiter().release(name);
    }
  }

  private static void feedAndWait(Process process, StdinWriter stdinWriter) throws IOException {
    ByteArrayOutputStream output = new ByteArrayOutputStream();
    Thread reader = Thread.startVirtualThread(() -> readOutput(process.getInputStream(), output));
    IOException writeFailure = null;
    try (OutputStream out = process.getOutputStream()) {
      stdinWriter.writeTo(out);
    } catch (IOException closed) {
      writeFailure = closed; // The script has ended; its output contains the reason.
    }
    try {
      boolean ended = process.waitFor(TIMEOUT.toSeconds() + 10, TimeUnit.SECONDS);
      reader.join(Duration.ofSeconds(1));
      if (!ended || process.exitValue() != 0) {
        throw new IOException(
            "the script failed in the bound directory: " + output.toString(StandardCharsets.UTF_8),
            writeFailure);
      }
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", stopping);
    } finally {
      process.destroyForcibly();
    }
    if (writeFailure != null) {
      throw writeFailure;
    }
  }

  private static void readOutput(InputStream from, ByteArrayOutputStream output) {
    byte[] buffer = new byte[1024];
    try {
      for (int n = from.read(buffer); n >= 0; n = from.read(buffer)) {
        synchronized (output) {
          output.write(buffer, 0, Math.min(n, Math.max(0, OUTPUT_BYTES_MAX - output.size())));
        }
      }
    } catch (IOException gone) {
      throw new UncheckedIOException(gone);
    }
  }
}
