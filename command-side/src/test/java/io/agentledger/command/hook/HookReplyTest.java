package io.agentledger.command.hook;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentledger.api.hook.HookOutcome;
import io.agentledger.api.hook.HookPoint;
import io.agentledger.api.hook.HookTarget.BuiltInHook;
import io.agentledger.command.claude.policy.Hooks.HookInvocation;
import io.agentledger.command.support.webhook.WebhookSignature;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

class HookReplyTest {
  private static HookReply parse(HookPoint point, int status, String body) {
    return HookReply.parse(point, status, body.getBytes(StandardCharsets.UTF_8));
  }

  private static HookReply parse(String body) {
    return parse(HookPoint.PRE_TOOL_USE, 200, body);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "''|PASSED",
        "{}|PASSED",
        "{\"decision\":\"approve\"}|ALLOWED",
        "{\"decision\":\"block\"}|DENIED",
        "{\"continue\":false}|DENIED",
        "{\"hookSpecificOutput\":{\"permissionDecision\":\"allow\"}}|ALLOWED",
        "{\"hookSpecificOutput\":{\"permissionDecision\":\"ask\"}}|ASKED",
        "{\"hookSpecificOutput\":{\"permissionDecision\":\"deny\"},\"decision\":\"approve\"}|DENIED",
        "{\"continue\":false,\"decision\":\"approve\"}|DENIED"
      })
  void parsesRepliesInTheFormatOfClaudeCodeHooks(String body, HookOutcome outcome) {
    assertThat(parse(body).outcome()).isEqualTo(outcome);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "yes",
        "[]",
        "{",
        "{\"decision\":\"bogus\"}",
        "{\"hookSpecificOutput\":{\"permissionDecision\":\"Allow\"}}",
        "{\"hookSpecificOutput\":{\"updatedInput\":\"text\"}}"
      })
  void meaninglessReplyFails(String body) {
    assertThat(parse(body).outcome()).isEqualTo(HookOutcome.FAILED);
  }

  @ParameterizedTest
  @ValueSource(ints = {301, 400, 404, 500, 503})
  void unsuccessfulStatusFails(int status) {
    assertThat(parse(HookPoint.PRE_TOOL_USE, status, "{}").outcome()).isEqualTo(HookOutcome.FAILED);
  }

  @Test
  void onlyPreToolUseMayChangeTheInput() {
    String body = "{\"hookSpecificOutput\":{\"updatedInput\":{\"command\":\"ls\"}}}";
    assertThat(parse(body).updatedInput()).isPresent();
    assertThat(parse(HookPoint.POST_TOOL_USE, 200, body).updatedInput()).isEmpty();
  }

  /** The test vector of the Standard Webhooks libraries. */
  @Test
  void signatureFollowsStandardWebhooks() {
    assertThat(
            WebhookSignature.sign(
                "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
                "msg_p5jXN8AQM9LWM0D4loKWxJek",
                Instant.ofEpochSecond(1614265330),
                "{\"test\": 2432232314}".getBytes(StandardCharsets.UTF_8)))
        .isEqualTo("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
  }

  @ParameterizedTest
  @CsvSource({
    "-----BEGIN RSA PRIVATE KEY-----, DENIED",
    "AKIAIOSFODNN7EXAMPLE, DENIED",
    "ghp_0123456789abcdefghijklmnopqrstuvwxyz, DENIED",
    "sk-ant-api03-abcdefghijklmnopqrst, DENIED",
    "a key of mine, PASSED",
    "AKIA, PASSED"
  })
  void scanDetectsCredentialsByTheirIssuersPrefixes(String text, HookOutcome outcome) {
    var meters = new SimpleMeterRegistry();
    var builtInHooks = new BuiltInHooks(meters);
    var input = JsonMapper.shared().createObjectNode().put("tool_input", text);
    var invocation = new HookInvocation(HookPoint.PRE_TOOL_USE, "Write", "", input);
    assertThat(builtInHooks.call(BuiltInHook.SECRET_SCAN, invocation).outcome()).isEqualTo(outcome);
    builtInHooks.call(BuiltInHook.METRICS, invocation);
    assertThat(meters.get("agentledger.hook.points").counter().count()).isEqualTo(1);
  }
}
