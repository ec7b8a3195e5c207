package io.agentledger.command.model;

import io.agentledger.api.session.RunId;
import io.agentledger.command.model.usage.AskedTool;
import io.agentledger.command.model.usage.UsageFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import reactor.netty.DisposableServer;

/**
 * One process's door to its model: an HTTP server on a Unix socket. What comes through it belongs
 * to the caller that it was opened for. Closing it ends the exchanges under way; it does not settle
 * the file, so that a restarted service can open the same paths again.
 */
public final class ModelSocket implements AutoCloseable {
  private final Path path;
  private final Exchanges exchanges;
  private final UsageFile usage;
  private final DisposableServer server;

  ModelSocket(Path path, Exchanges exchanges, UsageFile usage, DisposableServer server) {
    this.path = path;
    this.exchanges = exchanges;
    this.usage = usage;
    this.server = server;
  }

  /** Where the socket is. */
  public Path path() {
    return path;
  }

  /** From now on exchanges belong to this run. */
  public void run(RunId runId) {
    exchanges.run(runId.value());
  }

  /** The tool call as the model asked for it, or empty if the model never did. */
  public Optional<AskedTool> asked(String toolUseId) {
    return exchanges.asked(toolUseId);
  }

  @Override
  public void close() {
    server.disposeNow();
    try {
      Files.deleteIfExists(path);
      usage.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
