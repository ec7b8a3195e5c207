package io.agentledger.gateway.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A shutdown does not wait for open streams. */
class WatchedServiceStopIT {
  private static final int VIEWERS = 500;
  private static final Duration STOP_MAX = Duration.ofSeconds(3);

  private static final String WEB_SOCKET =
      "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
          + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";

  @TempDir static Path directory;

  @Test
  void stopEndsTheServiceWithinThreeSecondsHoweverManyWatch() throws Exception {
    List<Socket> viewers = new ArrayList<>();
    try (ServiceProcess service = ServiceProcess.start(directory.resolve("home"))) {
      RawApiClient client = service.client();
      String session = client.open(Map.of());
      client.submitQuery(session, "scenario: slow-text"); // A run is in progress meanwhile.
      for (int viewer = 0; viewer < VIEWERS; viewer++) {
        viewers.add(
            viewer % 2 == 0
                ? watch(service, session + "/events?after=0", "Accept: text/event-stream\r\n")
                : watch(service, session + "/ws?after=0", WEB_SOCKET));
      }

      Instant start = Instant.now();
      service.stop();
      Duration took = Duration.between(start, Instant.now());

      System.out.println("stop with " + viewers.size() + " viewers: " + took.toMillis() + " ms");
      assertThat(took).as(service.tailOfLog()).isLessThan(STOP_MAX);
    } finally {
      for (Socket viewer : viewers) viewer.close();
    }
  }

  private static Socket watch(ServiceProcess service, String path, String headers)
      throws IOException {
    URI address = URI.create(service.address());
    Socket socket = new Socket();
    socket.connect(new InetSocketAddress(address.getHost(), address.getPort()));
    socket
        .getOutputStream()
        .write(
            ("GET /api/v1/sessions/"
                    + path
                    + " HTTP/1.1\r\nHost: "
                    + address.getAuthority()
                    + "\r\nAuthorization: Bearer "
                    + service.ownerKey()
                    + "\r\n"
                    + headers
                    + "\r\n")
                .getBytes(StandardCharsets.US_ASCII));
    byte[] status = socket.getInputStream().readNBytes("HTTP/1.1 200".length());
    assertThat(new String(status, StandardCharsets.US_ASCII)).matches("HTTP/1.1 (200|101)");
    return socket;
  }
}
