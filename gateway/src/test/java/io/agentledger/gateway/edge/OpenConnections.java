package io.agentledger.gateway.edge;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Many open connections without a thread for each. */
final class OpenConnections implements AutoCloseable {
  private final int port;
  private final List<SocketChannel> channels = new ArrayList<>();

  OpenConnections(int port) {
    this.port = port;
  }

  /** Opens the connections and sends the text on each; responses are not awaited. */
  void open(int count, String text) throws IOException {
    for (int i = 0; i < count; i++) {
      var channel = SocketChannel.open(new InetSocketAddress("127.0.0.1", port));
      channels.add(channel);
      write(channel, text);
      channel.configureBlocking(false);
    }
  }

  /** Sends more text on every connection. */
  void drip(String text) throws IOException {
    for (var channel : channels) write(channel, text);
  }

  private static void write(SocketChannel channel, String text) throws IOException {
    channel.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII)));
  }

  /** Returns the number of connections that are not closed; received bytes are discarded. */
  int alive() throws IOException {
    int alive = 0;
    var bytes = ByteBuffer.allocate(64 * 1024);
    for (var channel : channels) {
      int read;
      do {
        bytes.clear();
        read = channel.read(bytes);
      } while (read > 0);
      if (read == 0) alive++;
    }
    return alive;
  }

  @Override
  public void close() throws IOException {
    for (var channel : channels) channel.close();
  }
}
