package io.agentledger.command.channel.platform.whatsapp;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentledger.command.channel.platform.ChannelAccount;
import io.agentledger.command.channel.platform.ConnectionTest;
import io.agentledger.command.channel.platform.Handshake;
import io.agentledger.command.channel.platform.InboundItem.DeliveryReport;
import io.agentledger.command.channel.platform.InboundItem.InboundMessage;
import io.agentledger.command.channel.platform.InboundItem.InboundStatus;
import io.agentledger.command.channel.platform.MediaContent;
import io.agentledger.command.channel.platform.MediaReference;
import io.agentledger.command.channel.platform.MediaResult;
import io.agentledger.command.channel.platform.MediaResult.Fetched;
import io.agentledger.command.channel.platform.MediaResult.Refused;
import io.agentledger.command.channel.platform.OutboundMessage;
import io.agentledger.command.channel.platform.OutboundMessage.MessageTemplate;
import io.agentledger.command.channel.platform.PlatformFixture;
import io.agentledger.command.channel.platform.PlatformRequest;
import io.agentledger.command.channel.platform.PlatformServer;
import io.agentledger.command.channel.platform.PlatformServer.Received;
import io.agentledger.command.channel.platform.SendResult.RateLimited;
import io.agentledger.command.channel.platform.SendResult.Rejected;
import io.agentledger.command.channel.platform.SendResult.Sent;
import io.agentledger.command.channel.platform.SendResult.Unavailable;
import io.agentledger.command.channel.platform.TypingTarget;
import io.agentledger.command.channel.platform.VendorSignatures;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CloudPlatformTest {
  private PlatformFixture fixture;
  private CloudPlatform cloud;
  private ChannelAccount account;

  @BeforeEach
  void start() throws IOException {
    fixture = new PlatformFixture();
    cloud = new CloudPlatform(fixture.client(), PlatformFixture.CLOCK);
    account =
        fixture.account(
            Map.of("phone_number_id", "1065"),
            Map.of(
                "access_token",
                "EAAG",
                "app_secret",
                "new",
                "app_secret_previous",
                "old",
                "verify_token",
                "check-me"));
  }

  @AfterEach
  void stop() {
    fixture.close();
  }

  private Object handshake(String query) {
    var request = new PlatformRequest("GET", query, Map.of(), new byte[0]);
    return cloud.handshake(account, request, PlatformFixture.NOW).orElse(null);
  }

  @Test
  void answersChecksThatHaveTheToken() {
    var check = "hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token=";
    assertThat(handshake(check + "check-me")).isEqualTo(new Handshake("text/plain", "1158201444"));
    assertThat(handshake(check + "check-you")).isNull();
    assertThat(handshake(check)).isNull();
    assertThat(handshake(check + "check-me&hub.verify_token=check-me")).isNull();
    assertThat(handshake("hub.challenge=1&hub.verify_token=check-me")).isNull();
    assertThat(handshake("hub.verify_token=%zz")).isNull();
    assertThat(handshake("hub.mode=subscribe&hub.challenge=%3Cscript%3E&hub.verify_token=check-me"))
        .isNull();
  }

  @Test
  void acceptsSignaturesOfTheCurrentAndThePreviousSecret() throws Exception {
    var body = "{\"object\":\"whatsapp_business_account\",\"text\":\"ü👋\"}";
    for (var secret : List.of("new", "old")) {
      var signature = VendorSignatures.of("github", Map.of("secret", secret, "body", body));
      assertThat(verifies(signature, body)).isTrue();
      assertThat(verifies(signature, body + " ")).isFalse();
      assertThat(verifies(signature.toUpperCase(), body)).isFalse();
    }
    var other = VendorSignatures.of("github", Map.of("secret", "other", "body", body));
    assertThat(verifies(other, body)).isFalse();
    assertThat(verifies("sha256=", body)).isFalse();
    assertThat(verifies("", body)).isFalse();
  }

  private boolean verifies(String signature, String body) {
    var request = PlatformFixture.post(Map.of("X-Hub-Signature-256", signature), body);
    return cloud.verify(account, request, PlatformFixture.NOW);
  }

  private List<?> read(String phoneNumberId, String content) {
    var body =
        """
        {"object":"whatsapp_business_account","entry":[{"id":"1","changes":[{"field":"messages",
        "value":{"messaging_product":"whatsapp","metadata":{"phone_number_id":"%s"},
        "contacts":[{"wa_id":"4915","profile":{"name":"Ada"}}],%s}}]}]}
        """
            .formatted(phoneNumberId, content);
    return cloud.read(account, PlatformFixture.post(Map.of(), body));
  }

  private static final String HEAD =
      "\"from\":\"4915\",\"id\":\"wamid.1\",\"timestamp\":\"1772366400\",";

  @Test
  void readsTextsButtonsAndLists() {
    var text = "\"messages\":[{" + HEAD + "\"type\":\"text\",\"text\":{\"body\":\"Hello\"}}]";
    assertThat(read("1065", text))
        .isEqualTo(
            List.of(
                new InboundMessage(
                    "wamid.1",
                    "4915",
                    "Ada",
                    "Hello",
                    List.of(),
                    "",
                    Instant.ofEpochSecond(1_772_366_400))));
    assertThat(read("999", text)).as("another number of the app").isEmpty();
    var list =
        "\"messages\":[{"
            + HEAD
            + "\"type\":\"interactive\",\"interactive\":{\"list_reply\":{\"title\":\"Two\"}}}]";
    assertThat(((InboundMessage) read("1065", list).getFirst()).text()).isEqualTo("Two");
  }

  @Test
  void readsMediaAndNamesOtherContent() {
    var document =
        "\"messages\":[{"
            + HEAD
            + "\"type\":\"document\",\"document\":{\"id\":\"m1\",\"filename\":\"a.pdf\","
            + "\"mime_type\":\"application/pdf\",\"caption\":\"See\"}}]";
    var message = (InboundMessage) read("1065", document).getFirst();
    assertThat(message.text()).isEqualTo("See");
    assertThat(message.media())
        .containsExactly(new MediaReference("m1", "a.pdf", "application/pdf"));
    var reaction = "\"messages\":[{" + HEAD + "\"type\":\"reaction\",\"reaction\":{}}]";
    assertThat(((InboundMessage) read("1065", reaction).getFirst()).unsupported())
        .isEqualTo("reaction");
  }

  @Test
  void readsStatuses() {
    var failed =
        "\"statuses\":[{\"id\":\"wamid.2\",\"status\":\"failed\",\"timestamp\":\"1772366400\","
            + "\"errors\":[{\"code\":131047,\"title\":\"Re-engagement message\"}]},"
            + "{\"id\":\"wamid.2\",\"status\":\"unknown\"}]";
    assertThat(read("1065", failed))
        .isEqualTo(
            List.of(
                new InboundStatus(
                    "wamid.2",
                    DeliveryReport.FAILED,
                    "Re-engagement message (131047)",
                    Instant.ofEpochSecond(1_772_366_400))));
  }

  @Test
  void sendsTexts() {
    fixture.server.respond(200, "{\"messages\":[{\"id\":\"wamid.3\"}]}");
    var part = cloud.divide(PlatformFixture.message("491511", "[Shop](https://x.example)"));
    assertThat(cloud.send(account, part.getFirst())).isEqualTo(new Sent("wamid.3"));
    var request = fixture.server.requests.getFirst();
    assertThat(request.path()).isEqualTo("/1065/messages");
    assertThat(request.header("authorization")).isEqualTo("Bearer EAAG");
    assertThat(request.json().path("text").path("body").asString())
        .isEqualTo("Shop (https://x.example)");
    assertThat(request.json().path("to").asString()).isEqualTo("491511");
  }

  @Test
  void sendsTemplates() {
    fixture.server.respond(200, "{\"messages\":[{\"id\":\"wamid.3\"}]}");
    var message =
        new OutboundMessage(
            "msg_1",
            "491511",
            "ignored",
            List.of(),
            new MessageTemplate("order", "en_US", List.of("7")));
    assertThat(cloud.divide(message)).hasSize(1);
    assertThat(cloud.send(account, cloud.divide(message).getFirst()))
        .isEqualTo(new Sent("wamid.3"));
    var template = fixture.server.requests.getFirst().json().path("template");
    assertThat(template.path("language").path("code").asString()).isEqualTo("en_US");
    assertThat(
            template.path("components").path(0).path("parameters").path(0).path("text").asString())
        .isEqualTo("7");
  }

  @Test
  void uploadsFilesBeforeItSendsThem() {
    fixture.server.respondBy(
        request ->
            PlatformServer.json(
                200,
                request.path().endsWith("/media")
                    ? "{\"id\":\"m9\"}"
                    : "{\"messages\":[{\"id\":\"wamid.3\"}]}"));
    var content = new MediaContent("a.pdf", "application/pdf", new byte[] {1});
    var part = cloud.divide(PlatformFixture.file("491511", content, "")).getFirst();
    assertThat(cloud.send(account, part)).isEqualTo(new Sent("wamid.3"));
    assertThat(fixture.server.requests)
        .extracting(Received::path)
        .containsExactly("/1065/media", "/1065/messages");
    var document = fixture.server.requests.getLast().json().path("document");
    assertThat(document.path("id").asString()).isEqualTo("m9");
    assertThat(document.path("filename").asString()).isEqualTo("a.pdf");
  }

  @Test
  void sendsNothingAfterAnUploadFailed() {
    fixture.server.respond(500, "");
    var content = new MediaContent("a.png", "image/png", PlatformFixture.PNG);
    var part = cloud.divide(PlatformFixture.file("491511", content, "")).getFirst();
    assertThat(cloud.send(account, part)).isInstanceOf(Unavailable.class);
    assertThat(fixture.server.requests).hasSize(1);
  }

  @Test
  void tellsLimitsOutagesAndRefusals() {
    var part = cloud.divide(PlatformFixture.message("491511", "Hi")).getFirst();
    fixture.server.respond(400, "{\"error\":{\"code\":131056}}");
    assertThat(cloud.send(account, part)).isInstanceOf(RateLimited.class);
    fixture.server.respond(500, "{\"error\":{\"code\":131016}}");
    assertThat(cloud.send(account, part)).isInstanceOf(Unavailable.class);
    fixture.server.respond(400, "{\"error\":{\"code\":131047,\"message\":\"Too late\"}}");
    assertThat(cloud.send(account, part))
        .isEqualTo(new Rejected("WhatsApp refuses the message: Too late."));
  }

  private MediaResult fetch(String url, long bytesMax) {
    fixture.server.respondBy(
        request ->
            request.path().equals("/m1")
                ? PlatformServer.json(200, "{\"url\":\"" + url + "\",\"file_size\":70}")
                : PlatformServer.bytes(PlatformFixture.PNG));
    return cloud.fetchMedia(account, new MediaReference("m1", "", "image/png"), bytesMax);
  }

  @Test
  void fetchesMediaFromMetaOnly() {
    assertThat(fetch(fixture.server.url() + "/file", 1_000)).isInstanceOf(Fetched.class);
    assertThat(fixture.server.requests.getLast().header("authorization")).isEqualTo("Bearer EAAG");
    assertThat(fetch(fixture.server.url() + "/file", 10)).isInstanceOf(Refused.class);
    assertThat(fetch(fixture.other.url() + "/file", 1_000)).isInstanceOf(Refused.class);
    assertThat(fetch("https://lookaside.fbsbx.com.evil.example/f", 1_000))
        .isInstanceOf(Refused.class);
    assertThat(fixture.other.requests).isEmpty();
    assertThat(cloud.fetchMedia(account, new MediaReference("../me", "", "image/png"), 1_000))
        .isInstanceOf(Refused.class);
  }

  @Test
  void showsTypingForTheLastMessage() {
    cloud.showTyping(account, new TypingTarget("4915", () -> ""));
    assertThat(fixture.server.requests).isEmpty();
    cloud.showTyping(account, new TypingTarget("4915", () -> "wamid.1"));
    assertThat(fixture.server.requests.getFirst().json().path("message_id").asString())
        .isEqualTo("wamid.1");
  }

  @Test
  void testsTheConnection() {
    fixture.server.respond(
        200, "{\"verified_name\":\"Shop\",\"display_phone_number\":\"+49 151\"}");
    assertThat(cloud.test(account)).isEqualTo(ConnectionTest.passed("Shop +49 151"));
    fixture.server.respond(200, "<html>");
    assertThat(cloud.test(account).successful()).isFalse();
  }
}
