package io.agentledger.command.channel.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentledger.command.channel.platform.PlatformDescription.Capability;
import io.agentledger.command.channel.platform.SendResult.OutcomeUnknown;
import io.agentledger.command.channel.platform.SendResult.RateLimited;
import io.agentledger.command.channel.platform.SendResult.Rejected;
import io.agentledger.command.channel.platform.SendResult.Unavailable;
import io.agentledger.command.channel.platform.http.HttpPlatform;
import io.agentledger.command.channel.platform.slack.SlackPlatform;
import io.agentledger.command.channel.platform.telegram.TelegramPlatform;
import io.agentledger.command.channel.platform.twilio.TwilioPlatform;
import io.agentledger.command.channel.platform.whatsapp.CloudPlatform;
import io.agentledger.command.channel.platform.widget.WidgetPlatform;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Behaviour that all platforms share. */
class PlatformContractTest {
  private static final Map<String, String> SETTINGS =
      Map.of(
          "account_sid", "AC0123456789abcdef0123456789abcdef",
          "from", "+14155238886",
          "phone_number_id", "1065");
  private static final Map<String, String> CREDENTIALS =
      Map.of(
          "bot_token", "123:ABC",
          "access_token", "EAAG",
          "auth_token", "secret",
          "signing_secret", "secret");
  private static final Map<String, String> ADDRESSES =
      Map.of(
          "telegram", "42",
          "slack", "C024",
          "whatsapp_cloud", "491511",
          "whatsapp_twilio", "+491511",
          "http", "c1",
          "widget", "user:1");

  private PlatformFixture fixture;

  @BeforeEach
  void start() throws IOException {
    fixture = new PlatformFixture();
  }

  @AfterEach
  void stop() {
    fixture.close();
  }

  private static List<Platform> all(PlatformClient client) {
    var clock = PlatformFixture.CLOCK;
    return List.of(
        new TelegramPlatform(client, clock),
        new TwilioPlatform(client, clock),
        new CloudPlatform(client, clock),
        new SlackPlatform(client, clock),
        new HttpPlatform(client, clock),
        new WidgetPlatform());
  }

  private static List<Platform> calling(PlatformClient client) {
    return all(client).stream()
        .filter(platform -> !platform.description().can(Capability.STORED_SEND))
        .toList();
  }

  private SendResult send(Platform platform, String apiUrl) {
    var address = ADDRESSES.get(platform.description().name());
    var part = platform.divide(PlatformFixture.message(address, "Hi")).getFirst();
    return platform.send(PlatformFixture.account(SETTINGS, CREDENTIALS, apiUrl), part);
  }

  @Test
  void namesAndFieldsAreUniqueAndDescribed() {
    var registry = new PlatformRegistry(all(fixture.client()));
    assertThat(registry.descriptions())
        .extracting(PlatformDescription::name)
        .containsExactly(
            "http", "slack", "telegram", "whatsapp_cloud", "whatsapp_twilio", "widget");
    assertThat(registry.find("telegram")).isPresent();
    assertThat(registry.find("Telegram")).isEmpty();
    for (var description : registry.descriptions()) {
      var names = new HashSet<String>();
      description
          .fields()
          .forEach(
              field -> {
                assertThat(names.add(field.name())).as(field.name()).isTrue();
                assertThat(field.description()).endsWith(".");
              });
      for (var setting : description.settings())
        assertThat(setting.accepts(setting.example())).as(setting.name()).isTrue();
    }
    var twice = List.<Platform>of(new WidgetPlatform(), new WidgetPlatform());
    assertThatThrownBy(() -> new PlatformRegistry(twice)).hasMessageContaining("widget");
  }

  @Test
  void refusalsByRateAreNotFailures() {
    fixture.server.respond(429, "{}");
    for (var platform : calling(fixture.client()))
      assertThat(send(platform, fixture.server.url()))
          .as(platform.description().name())
          .isEqualTo(new RateLimited(Duration.ofSeconds(5)));
  }

  @Test
  void faultsHaveAnUnknownOutcomeAndOutagesHaveNot() {
    for (var platform : calling(fixture.client())) {
      var name = platform.description().name();
      fixture.server.respond(500, "oops");
      assertThat(send(platform, fixture.server.url())).as(name).isInstanceOf(OutcomeUnknown.class);
      fixture.server.respond(503, "");
      assertThat(send(platform, fixture.server.url())).as(name).isInstanceOf(Unavailable.class);
    }
  }

  @Test
  void successWithoutAnIdHasAnUnknownOutcome() {
    fixture.server.respond(200, "<html>");
    for (var platform : calling(fixture.client()))
      if (!platform.description().can(Capability.IDEMPOTENT_SEND))
        assertThat(send(platform, fixture.server.url()))
            .as(platform.description().name())
            .isInstanceOf(OutcomeUnknown.class);
  }

  @Test
  void silenceAfterTheRequestHasAnUnknownOutcome() {
    fixture.server.respondBy(request -> Optional.empty());
    for (var platform : calling(fixture.client(Duration.ofMillis(500)))) {
      int before = fixture.server.requests.size();
      assertThat(send(platform, fixture.server.url()))
          .as(platform.description().name())
          .isInstanceOf(OutcomeUnknown.class);
      assertThat(fixture.server.requests).as("requests, never repeated").hasSize(before + 1);
    }
  }

  @Test
  void closedPortsReceiveNothing() {
    for (var platform : calling(fixture.client()))
      assertThat(send(platform, "http://127.0.0.1:" + fixture.closedPort))
          .as(platform.description().name())
          .isInstanceOf(Unavailable.class);
  }

  @Test
  void forbiddenAddressesAreRejectedForGood() {
    for (var platform : calling(fixture.client()))
      for (var url : List.of("http://169.254.169.254", "http://127.0.0.1:2", "file:///etc"))
        assertThat(send(platform, url))
            .as(platform.description().name())
            .isInstanceOf(Rejected.class);
  }

  @Test
  void redirectsAreNotFollowedWithCredentials() {
    fixture.server.respondBy(
        request ->
            Optional.of(
                new PlatformServer.Reply(
                    307, Map.of("Location", fixture.server.url() + "/other"), new byte[0])));
    for (var platform : calling(fixture.client()))
      assertThat(send(platform, fixture.server.url()))
          .as(platform.description().name())
          .isInstanceOf(Rejected.class);
    assertThat(fixture.server.requests).noneMatch(request -> request.path().equals("/other"));
  }

  @Test
  void secretsAreNotInTheTextForm() {
    assertThat(fixture.account(SETTINGS, CREDENTIALS).toString()).doesNotContain("EAAG");
  }
}
