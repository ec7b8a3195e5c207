package io.agentledger.command.channel.platform.pager;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentledger.command.channel.platform.ConnectionTest;
import io.agentledger.command.channel.platform.Hmac;
import io.agentledger.command.channel.platform.InboundItem.InboundMessage;
import io.agentledger.command.channel.platform.PlatformFixture;
import io.agentledger.command.channel.platform.SendResult.Sent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The example of the guide {@code docs/platforms.md}. */
class PagerPlatformTest {
  private static final Map<String, String> SETTINGS = Map.of("station", "0815");
  private static final Map<String, String> CREDENTIALS = Map.of("api_key", "key", "secret", "s");

  @Test
  void receivesAndSends() throws IOException {
    try (var fixture = new PlatformFixture()) {
      var pager = new PagerPlatform(fixture.client(), PlatformFixture.CLOCK);
      var account = fixture.account(SETTINGS, CREDENTIALS);
      var body = "{\"id\":\"p1\",\"from\":\"42\",\"text\":\"Call me\"}";
      var signature = Hmac.hex("s", Hmac.utf8(body));
      var request = PlatformFixture.post(Map.of("X-Pager-Signature", signature), body);
      assertThat(pager.verify(account, request, PlatformFixture.NOW)).isTrue();
      var forged = PlatformFixture.post(Map.of("X-Pager-Signature", signature), body + " ");
      assertThat(pager.verify(account, forged, PlatformFixture.NOW)).isFalse();
      assertThat(pager.read(account, request))
          .containsExactly(
              new InboundMessage("p1", "42", "", "Call me", List.of(), "", PlatformFixture.NOW));

      fixture.server.respond(200, "{\"id\":\"p2\",\"name\":\"Tower\"}");
      var parts = pager.divide(PlatformFixture.message("42", "Please wait. ".repeat(20)));
      assertThat(parts).hasSize(2);
      assertThat(pager.send(account, parts.getFirst())).isEqualTo(new Sent("p2"));
      assertThat(fixture.server.requests.getFirst().path()).isEqualTo("/stations/0815");
      assertThat(pager.test(account)).isEqualTo(ConnectionTest.passed("Tower"));
    }
  }

  @Test
  void theGuideContainsTheExample() throws IOException {
    var source =
        Files.readString(
            Path.of(
                "src/test/java/io/agentledger/command/channel/platform/pager/PagerPlatform.java"));
    var code = source.substring(source.indexOf("/** Pagers of")).strip();
    assertThat(Files.readString(Path.of("../docs/platforms.md"))).contains(code);
  }
}
