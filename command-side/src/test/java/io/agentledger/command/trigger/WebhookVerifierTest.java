package io.agentledger.command.trigger;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.agentledger.api.trigger.SignatureScheme;
import io.agentledger.api.trigger.TriggerSignature;
import io.agentledger.api.trigger.WebhookRequest;
import io.agentledger.api.vault.SecretRef;
import io.agentledger.api.vault.VaultId;
import io.agentledger.command.support.webhook.WebhookSignature;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Signatures that the documents of vendors have as examples, and what is refused. */
class WebhookVerifierTest {
  private static TriggerSignature scheme(SignatureScheme scheme, String header) {
    return new TriggerSignature(
        scheme, header, List.of(new SecretRef(new VaultId("vlt_2222222222"), "a")));
  }

  private static WebhookRequest request(String body, Map<String, String> headers) {
    return new WebhookRequest(headers, body.getBytes(UTF_8));
  }

  private static boolean isSigned(
      TriggerSignature signature, WebhookRequest request, List<String> secrets) {
    return WebhookVerifier.verify(signature, request, secrets).isPresent();
  }

  @Test
  void secretWithoutAKeySignsNothing() {
    var standard = scheme(SignatureScheme.STANDARD_WEBHOOKS, "");
    // The signature by a key of one zero byte.
    var headers =
        Map.of(
            "webhook-id",
            "a",
            "webhook-timestamp",
            "1",
            "webhook-signature",
            WebhookSignature.sign("\0", "a", Instant.ofEpochSecond(1), "{}".getBytes(UTF_8)));
    assertThat(isSigned(standard, request("{}", headers), List.of("whsec_"))).isFalse();
    assertThat(isSigned(standard, request("{}", headers), List.of("\0"))).isTrue();
  }

  @Test
  void repeatedRequestHasTheSameSignatureHoweverItsHeadersAreWritten() {
    var standard = scheme(SignatureScheme.STANDARD_WEBHOOKS, "");
    var body = "{}".getBytes(UTF_8);
    var signature = WebhookSignature.sign("secret", "a", Instant.ofEpochSecond(1), body);
    for (var given : List.of(signature, "v1,other " + signature, signature + " v1,other"))
      assertThat(
              WebhookVerifier.verify(
                  standard,
                  request(
                      "{}",
                      Map.of(
                          "webhook-id",
                          "a",
                          "webhook-timestamp",
                          "1",
                          "webhook-signature",
                          given,
                          "x-github-delivery",
                          given)),
                  List.of("other", "secret")))
          .contains(signature);
  }

  @Test
  void verifiesTheExampleOfGitHub() {
    var gitHub = scheme(SignatureScheme.GITHUB, "");
    var secret = "It's a Secret to Everybody";
    var signature = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";
    var genuine = request("Hello, World!", Map.of("x-hub-signature-256", signature));
    assertThat(isSigned(gitHub, genuine, List.of("other", secret))).isTrue();
    assertThat(isSigned(gitHub, genuine, List.of("other", ""))).isFalse();
    assertThat(isSigned(gitHub, genuine, List.of())).isFalse();
    var changed = request("Hello, World?", Map.of("x-hub-signature-256", signature));
    assertThat(isSigned(gitHub, changed, List.of(secret))).isFalse();
  }

  @Test
  void verifiesTheExampleOfJira() {
    var jira = scheme(SignatureScheme.JIRA, "");
    var signature = "sha256=a4771c39fbe90f317c7824e83ddef3caae9cb3d976c214ace1f2937e133263c9";
    var genuine = request("Hello World!", Map.of("x-hub-signature", signature));
    assertThat(isSigned(jira, genuine, List.of("It's a Secret to Everybody"))).isTrue();
    assertThat(isSigned(jira, genuine, List.of("another"))).isFalse();
  }

  @Test
  void verifiesTheExampleOfStandardWebhooks() {
    var standard = scheme(SignatureScheme.STANDARD_WEBHOOKS, "");
    var headers =
        Map.of(
            "webhook-id",
            "msg_p5jXN8AQM9LWM0D4loKWxJek",
            "webhook-timestamp",
            "1614265330",
            "webhook-signature",
            "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    var secret = List.of("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
    assertThat(isSigned(standard, request("{\"test\": 2432232314}", headers), secret)).isTrue();
    assertThat(isSigned(standard, request("{\"test\": 2432232315}", headers), secret)).isFalse();
  }

  @Test
  void verifiesTheExampleOfSlackAndItsTime() {
    var slack = scheme(SignatureScheme.SLACK, "");
    var headers =
        Map.of(
            "x-slack-request-timestamp",
            "1531420618",
            "x-slack-signature",
            "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503");
    var body =
        "token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow"
            + "&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner"
            + "&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com"
            + "%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN"
            + "&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c";
    var genuine = request(body, headers);
    var secret = List.of("8f742231b10e8888abcd99yyyzzz85a5");
    assertThat(isSigned(slack, genuine, secret)).isTrue();
    var at = Instant.ofEpochSecond(1531420618);
    assertThat(WebhookVerifier.hasCredentials(slack, genuine, at.plusSeconds(300))).isTrue();
    assertThat(WebhookVerifier.hasCredentials(slack, genuine, at.plusSeconds(301))).isFalse();
    assertThat(WebhookVerifier.hasCredentials(slack, genuine, at.minusSeconds(301))).isFalse();
  }

  @Test
  void sharedHeaderMustBeTheSecretAndMayBeABearerToken() {
    var shared = scheme(SignatureScheme.SHARED_HEADER, "x-token");
    for (var accepted : List.of("s3cret", "Bearer s3cret"))
      assertThat(isSigned(shared, request("", Map.of("x-token", accepted)), List.of("s3cret")))
          .isTrue();
    for (var refused : List.of("", "s3cre", "Bearer "))
      assertThat(isSigned(shared, request("", Map.of("x-token", refused)), List.of("s3cret")))
          .as(refused)
          .isFalse();
    assertThat(WebhookVerifier.hasCredentials(shared, request("", Map.of()), Instant.EPOCH))
        .isFalse();
  }

  @Test
  void timeThatIsNoNumberIsRefused() {
    var sentry = scheme(SignatureScheme.SENTRY, "");
    for (var time : List.of("", "now", "99999999999999999999"))
      assertThat(
              WebhookVerifier.hasCredentials(
                  sentry,
                  request("", Map.of("sentry-hook-signature", "a", "sentry-hook-timestamp", time)),
                  Instant.now()))
          .isFalse();
  }
}
