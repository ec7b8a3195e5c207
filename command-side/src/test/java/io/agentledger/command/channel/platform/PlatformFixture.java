package io.agentledger.command.channel.platform;

import io.agentledger.command.support.outbound.DestinationPolicy;
import io.agentledger.command.support.outbound.OutboundHttpClient;
import io.agentledger.command.support.outbound.OutboundSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.springframework.util.unit.DataSize;

/** A stand-in of a platform, and the guarded client, which may reach its port. */
public final class PlatformFixture implements AutoCloseable {
  public static final String WEBHOOK = "https://agents.example.com/webhooks/p/chn_23456789ab";
  public static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
  public static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);

  /** A picture of one pixel. */
  public static final byte[] PNG =
      java.util.HexFormat.of()
          .parseHex(
              "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
                  + "1f15c4890000000a49444154789c6300010000050001"
                  + "0d0a2db40000000049454e44ae426082");

  public final PlatformServer server;
  private final OutboundHttpClient outbound;

  /** A second stand-in at another port, which redirects can lead to. */
  public final PlatformServer other;

  /** A permitted port at which nothing listens. */
  public final int closedPort;

  public PlatformFixture() throws IOException {
    // Kept open until the servers have their ports, which are different ports then.
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      closedPort = socket.getLocalPort();
      server = new PlatformServer();
      other = new PlatformServer();
    }
    var settings =
        new OutboundSettings(
            Set.of(server.port(), other.port(), closedPort),
            List.of("127.0.0.1/32"),
            List.of(),
            Duration.ofSeconds(5),
            Duration.ofSeconds(5),
            Duration.ofSeconds(20),
            DataSize.ofMegabytes(1),
            3);
    outbound =
        new OutboundHttpClient(
            settings,
            new DestinationPolicy(settings, name -> List.of(InetAddress.getAllByName(name))));
  }

  public PlatformClient client() {
    return client(Duration.ofSeconds(20));
  }

  public PlatformClient client(Duration timeout) {
    return new PlatformClient(outbound, timeout, timeout);
  }

  public ChannelAccount account(Map<String, String> settings, Map<String, String> credentials) {
    return account(settings, credentials, server.url());
  }

  public static ChannelAccount account(
      Map<String, String> settings, Map<String, String> credentials, String apiUrl) {
    return new ChannelAccount("chn_23456789ab", settings, credentials, apiUrl, WEBHOOK);
  }

  public static PlatformRequest post(Map<String, String> headers, String body) {
    var all = new HashMap<String, List<String>>();
    headers.forEach((name, value) -> all.put(name, List.of(value)));
    return new PlatformRequest("POST", "", all, body.getBytes(StandardCharsets.UTF_8));
  }

  public static OutboundMessage message(String address, String markdown) {
    return new OutboundMessage("msg_1", address, markdown, List.of(), null);
  }

  public static OutboundMessage file(String address, MediaContent content, String publicUrl) {
    return new OutboundMessage(
        "msg_1", address, "", List.of(new OutboundMessage.OutboundMedia(content, publicUrl)), null);
  }

  @Override
  public void close() {
    outbound.close();
    server.close();
    other.close();
  }
}
