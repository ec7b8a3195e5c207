package io.agentledger.command.mcp;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentledger.store.NpmPackages;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/** The npm package {@code @modelcontextprotocol/server-everything}, pinned. */
public final class EverythingServer implements AutoCloseable {
  private static final String MAIN =
      "node_modules/@modelcontextprotocol/server-everything/dist/index.js";

  private final Process process;
  private final int port;

  private EverythingServer(Process process, int port) {
    this.process = process;
    this.port = port;
  }

  /** Returns the directory of the program. */
  public static Path directory() {
    try {
      return NpmPackages.install(
          "mcp", EverythingServer.class, "/mcp/", "package.json", "package-lock.json");
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Returns the arguments of {@code node} that start it on its standard input. */
  public static List<String> arguments() {
    return List.of(directory().resolve(MAIN).toString(), "stdio");
  }

  /**
   * Starts it on loopback.
   *
   * @param kind sse or streamableHttp
   */
  public static EverythingServer listen(String kind) throws IOException {
    try (var free = new ServerSocket(0)) {
      int port = free.getLocalPort();
      free.close();
      var builder =
          new ProcessBuilder("node", directory().resolve(MAIN).toString(), kind)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD);
      builder.environment().put("PORT", Integer.toString(port));
      var server = new EverythingServer(builder.start(), port);
      Awaitility.await().atMost(60, TimeUnit.SECONDS).until(server::answers);
      return server;
    }
  }

  public int port() {
    return port;
  }

  private boolean answers() {
    assertThat(process.isAlive()).as("the server is alive").isTrue();
    try (var socket = new Socket()) {
      socket.connect(new InetSocketAddress("127.0.0.1", port), 200);
      return true;
    } catch (IOException notYet) {
      return false;
    }
  }

  @Override
  public void close() {
    process.destroy();
  }
}
