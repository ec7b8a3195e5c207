package io.agentledger.gateway.ops;

import io.agentledger.api.model.Upstream;
import io.agentledger.api.ops.NodeInfo;
import io.agentledger.gateway.support.json.WireJson;
import io.agentledger.gateway.support.rsocket.RSocketServerLifecycle;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Instant;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/**
 * Announces that the service is ready: prints one line, and writes {@code service.json} in the home
 * directory for the terminal client. The file is deleted when the service stops; after a crash it
 * names a process that does not exist.
 */
@Component
class ServiceFileWriter implements DisposableBean {
  private final ServiceProperties serviceProperties;
  private final NodeInfo node;
  private final RSocketServerLifecycle rsocket;
  private final WireJson json;
  private final Clock clock;
  private final Path file;

  ServiceFileWriter(
      ServiceProperties serviceProperties,
      NodeInfo node,
      RSocketServerLifecycle rsocket,
      WireJson json,
      Clock clock) {
    this.serviceProperties = serviceProperties;
    this.node = node;
    this.rsocket = rsocket;
    this.json = json;
    this.clock = clock;
    this.file = serviceProperties.home().toAbsolutePath().normalize().resolve("service.json");
  }

  /** Content of the service file. */
  record ServiceInfo(long pid, int port, int rsocketPort, String revision, Instant startedAt) {}

  @EventListener
  void onReady(ApplicationReadyEvent event) {
    if (!(event.getApplicationContext() instanceof WebServerApplicationContext context)) return;
    var server = context.getWebServer();
    int port = server == null ? 0 : server.getPort();
    write(
        new ServiceInfo(
            ProcessHandle.current().pid(),
            port,
            rsocket.port(),
            serviceProperties.revision(),
            clock.instant()));
    printBanner(System.out, port);
  }

  private void printBanner(PrintStream out, int port) {
    var upstream =
        node.upstream() == Upstream.REHEARSAL
            ? "REHEARSAL: answers are scripted, no model is asked (set ANTHROPIC_API_KEY)"
            : "model upstream " + node.upstream().name().toLowerCase(java.util.Locale.ROOT);
    out.printf(
        "Agentledger %s on http://127.0.0.1:%d (RSocket %d) | %s | sandbox %s%s%n",
        serviceProperties.version(),
        port,
        rsocket.port(),
        upstream,
        node.sandbox().wireName(),
        node.sandboxReason().isEmpty() ? "" : " (" + node.sandboxReason() + ")");
  }

  private void write(ServiceInfo serviceInfo) {
    try {
      Files.createDirectories(file.getParent());
      var draft = file.resolveSibling(".service.json.new");
      // A temporary file of a service that was killed while it wrote.
      Files.deleteIfExists(draft);
      Files.createFile(
          draft,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      Files.write(
          draft, json.toBytes(serviceInfo), StandardOpenOption.WRITE, StandardOpenOption.SYNC);
      Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException exception) {
      throw new UncheckedIOException("cannot write " + file, exception);
    }
  }

  @Override
  public void destroy() throws IOException {
    Files.deleteIfExists(file);
  }
}
