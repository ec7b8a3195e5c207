package io.agentledger.gateway.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Open event streams of one session, half of them over SSE and half over WebSocket. */
final class StreamViewers implements AutoCloseable {
  private static final String WEB_SOCKET =
      "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
          + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";

  private final List<Socket> sockets = new ArrayList<>();

  private StreamViewers() {}

  /** Returns when each of them has been answered. */
  static StreamViewers open(ServiceProcess service, String session, int count) throws IOException {
    var viewers = new StreamViewers();
    for (int viewer = 0; viewer < count; viewer++)
      viewers.sockets.add(
          viewer % 2 == 0
              ? watch(service, session + "/events?after=0", "Accept: text/event-stream\r\n")
              : watch(service, session + "/ws?after=0", WEB_SOCKET));
    return viewers;
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

  @Override
  public void close() throws IOException {
    for (Socket socket : sockets) socket.close();
  }
}
