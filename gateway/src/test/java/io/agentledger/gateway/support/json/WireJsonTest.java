package io.agentledger.gateway.support.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentledger.api.agent.AgentId;
import io.agentledger.api.mcp.McpLimitsView;
import io.agentledger.api.model.Usage;
import io.agentledger.api.permission.Effect;
import io.agentledger.api.permission.PolicyRule;
import io.agentledger.api.permission.PolicyScope;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.Thinking;
import io.agentledger.api.session.event.ActionEvent.AnswerTimeout;
import io.agentledger.api.session.event.RunEvent.RunTotals;
import io.agentledger.api.shared.Discriminated;
import io.agentledger.api.shared.Money;
import io.agentledger.api.shared.SessionRejection;
import io.agentledger.gateway.session.input.SessionInputRequest;
import io.agentledger.gateway.support.problem.InvalidRequestException;
import io.agentledger.gateway.support.problem.InvalidRequestException.Violation;
import jakarta.validation.Validation;
import jakarta.validation.constraints.Size;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class WireJsonTest {
  private final WireJson json = new WireJson();

  static Stream<Discriminated> everyKind() {
    return Stream.of(
        new Thinking.Standard(),
        new Thinking.Adaptive(),
        new Thinking.Enabled(2048, Thinking.Display.OMITTED),
        new Thinking.Disabled(),
        new PolicyScope.Tenant(),
        new PolicyScope.Agent(AgentId.next()),
        new PolicyScope.Session(SessionId.next()));
  }

  @ParameterizedTest
  @MethodSource("everyKind")
  void everySealedTypeRoundTrips(Discriminated one) {
    Class<?> family = one.getClass().getInterfaces()[0];
    assertThat(json.read(json.toText(one), family)).isEqualTo(one);
  }

  /** Body with a constraint and two fields that are required by their types. */
  record Constrained(@Size(max = 1) String text, int count, boolean on) {}

  @Test
  void bodyOfAnotherProtocolIsRefusedWithAllViolations() {
    try (var factory = Validation.buildDefaultValidatorFactory()) {
      var validating = new WireJson(factory.getValidator());
      var body = validating.parseObject("{\"text\": \"long\", \"count\": \"x\", \"color\": 1}");
      assertThatThrownBy(() -> validating.read(body, Constrained.class))
          .isInstanceOfSatisfying(
              InvalidRequestException.class,
              exception ->
                  assertThat(exception.errors())
                      .extracting(Violation::pointer)
                      .containsExactlyInAnyOrder("/text", "/count", "/on", "/color"));
      assertThat(body.propertyNames()).containsExactly("text", "count", "color");
    }
  }

  /** Jackson matches the methods of a mixin by name: one without a match changes nothing. */
  @Test
  void everyMixinMethodExistsInItsTarget() {
    WireTypesModule.MIXINS.forEach(
        (target, mixin) -> {
          for (var method : mixin.getDeclaredMethods()) {
            if (method.isSynthetic()) continue;
            assertThat(target.getDeclaredMethods())
                .as("%s of %s", method, target)
                .anyMatch(
                    candidate ->
                        candidate.getName().equals(method.getName())
                            && candidate.getReturnType() == method.getReturnType());
          }
        });
  }

  @Test
  void durationsAreNumbersWithTheirUnitInTheName() {
    assertThat(json.toTree(new SessionRejection.SessionBusy(Duration.ofSeconds(2))).toString())
        .isEqualTo("{\"retry_after_seconds\":2}");
    assertThat(json.toTree(new AnswerTimeout.Limited(Duration.ofMillis(1500))).toString())
        .isEqualTo("{\"type\":\"limited\",\"duration_seconds\":1.5}");
    assertThat(json.toTree(new McpLimitsView(Duration.ofMillis(1500), null)).toString())
        .isEqualTo("{\"call_timeout_seconds\":1.5,\"response_timeout_seconds\":null}");
    var totals =
        new RunTotals(Usage.ZERO, Money.ofUsd("0.5"), Duration.ofMillis(1234), 3, List.of());
    assertThat(json.toTree(totals).get("duration_ms").asLong()).isEqualTo(1234);
    assertThat(json.toTree(totals).has("duration_ms_seconds")).isFalse();
    var rule =
        new PolicyRule(
            "slow",
            Effect.ASK,
            1,
            List.of("Bash"),
            List.of(),
            PolicyRule.Use.ANY,
            List.of(),
            List.of(),
            Duration.ofMinutes(2),
            "");
    assertThat(json.toTree(rule).get("approval_timeout_seconds").asLong()).isEqualTo(120);
  }

  @Test
  void rejectsAnUnknownType() {
    assertThatThrownBy(() -> json.read("{\"type\": \"telepathic\"}", Thinking.class))
        .isInstanceOf(InvalidRequestException.class);
  }

  /** Jackson would read the type from the first element, and the fields from the second. */
  @ParameterizedTest
  @ValueSource(classes = {Thinking.class, SessionInputRequest.class})
  void rejectsAnArrayInPlaceOfAnObjectWithAType(Class<?> family) {
    for (var body : List.of("[\"enabled\", {}]", "[\"interrupt\", {}]", "[]", "[{}]"))
      assertThatThrownBy(() -> json.read(body, family))
          .isInstanceOfSatisfying(
              InvalidRequestException.class,
              exception ->
                  assertThat(exception.errors())
                      .singleElement()
                      .satisfies(
                          violation ->
                              assertThat(violation.detail()).isEqualTo("must be an object")));
  }

  record Settings(Thinking thinking, List<PolicyScope> scopes) {}

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"thinking\": [\"standard\", {}]}",
        "{\"scopes\": [[\"tenant\", {}]]}",
      })
  void rejectsAnArrayInPlaceOfAFieldWithAType(String body) {
    assertThatThrownBy(() -> json.read(body, Settings.class))
        .isInstanceOf(InvalidRequestException.class);
  }
}
