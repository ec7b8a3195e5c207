package io.agentledger.command.hook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import io.agentledger.api.agent.AgentId;
import io.agentledger.api.hook.HookDefinition;
import io.agentledger.api.hook.HookId;
import io.agentledger.api.hook.HookPoint;
import io.agentledger.api.hook.HookTarget;
import io.agentledger.api.hook.HookTarget.BuiltInHook;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.event.OutputEvent.Verdict;
import io.agentledger.api.shared.Json;
import io.agentledger.command.claude.policy.Hooks.HookInvocation;
import io.agentledger.command.claude.policy.Hooks.HookResult;
import io.agentledger.command.claude.policy.ToolCallAuthorizer.Subject;
import io.agentledger.command.hook.HookLookupTable.StoredHook;
import io.agentledger.store.Topology;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import tools.jackson.databind.node.JsonNodeFactory;

class HookDispatcherTest {
  private static final Subject SUBJECT =
      new Subject(TenantId.next(), AgentId.next(), SessionId.next());

  private List<StoredHook> hooks =
      List.of(hook("", new HookTarget.BuiltIn(BuiltInHook.METRICS), HookPoint.PRE_TOOL_USE));

  /** Metrics throw an Error. */
  private final HookDispatcher dispatcher =
      new HookDispatcher(
          new HookLookupTable(
              JdbcClient.create(new DriverManagerDataSource()), new Topology(false)) {
            @Override
            List<StoredHook> findByPoint(Subject subject, HookPoint point) {
              return hooks;
            }

            @Override
            Set<HookPoint> pointsOf(Subject subject) {
              return hooks.stream()
                  .map(hook -> hook.definition().point())
                  .collect(Collectors.toSet());
            }
          },
          null,
          new BuiltInHooks(
              new SimpleMeterRegistry() {
                @Override
                protected Counter newCounter(Meter.Id id) {
                  throw new LinkageError("no counter");
                }
              }));

  private static StoredHook hook(String matcher, HookTarget target, HookPoint point) {
    var definition = new HookDefinition(true, point, matcher, target, Duration.ofSeconds(5), 0);
    return new StoredHook(HookId.next(), "check", definition, true);
  }

  /** Returns a hook that matches expressions of 11,880 characters with their repetitions. */
  private static StoredHook validation(int expressions) {
    var schemas =
        "{\"pattern\": \"[xy]{0,990}z\"}"
            + ", {\"pattern\": \"[yx]{0,990}z\"}".repeat(expressions - 1);
    var schema = "{\"properties\": {\"command\": {\"allOf\": [" + schemas + "]}}}";
    return hook("", new HookTarget.Validation(new Json(schema)), HookPoint.PRE_TOOL_USE);
  }

  private HookResult call(HookPoint point) {
    return call(point, "");
  }

  private HookResult call(HookPoint point, String command) {
    var input = JsonNodeFactory.instance.objectNode();
    input.putObject("tool_input").put("command", command);
    var invocation = new HookInvocation(point, "Bash", "", input);
    var result = dispatcher.call(SUBJECT, invocation).orElseThrow();
    assertThat(result).succeedsWithin(Duration.ofSeconds(10));
    return result.join();
  }

  @Test
  void onlyHooksOfPromptsAreThoseOfThePlan() {
    hooks = List.of();
    dispatcher.points(SUBJECT);
    hooks = List.of(validation(1));
    assertThat(find(HookPoint.USER_PROMPT_SUBMIT)).isEmpty();
    assertThat(find(HookPoint.PRE_TOOL_USE)).isPresent();
    hooks = List.of(hook("", validation(1).definition().target(), HookPoint.USER_PROMPT_SUBMIT));
    dispatcher.points(SUBJECT);
    assertThat(find(HookPoint.USER_PROMPT_SUBMIT)).isPresent();
  }

  private Optional<CompletableFuture<HookResult>> find(HookPoint point) {
    return dispatcher.call(
        SUBJECT, new HookInvocation(point, "", "", JsonNodeFactory.instance.objectNode()));
  }

  @Test
  void toolIsDeniedIfItsHooksCannotBeCalled() {
    assertThat(call(HookPoint.PRE_TOOL_USE).decision())
        .hasValueSatisfying(decision -> assertThat(decision.verdict()).isEqualTo(Verdict.DENIED));
  }

  /** Without a limit of the work, it takes seconds, and four times as many take 15. */
  @Test
  void slowValidationIsDeniedWithinItsTimeout() {
    hooks = List.of(validation(16));
    var result =
        assertTimeout(
            Duration.ofSeconds(5), () -> call(HookPoint.PRE_TOOL_USE, "x".repeat(12_000)));
    assertDenied(result, "the input is too long for its expressions");
  }

  @Test
  void validationsOfACallShareTheirBudget() {
    var command = "x".repeat(2_000) + "z";
    hooks = List.of(validation(1));
    assertThat(call(HookPoint.PRE_TOOL_USE, command).decision()).isEmpty();
    hooks = List.of(validation(1), validation(1));
    var result = call(HookPoint.PRE_TOOL_USE, command);
    assertThat(result.executions()).hasSize(2);
    assertDenied(result, "the input is too long for its expressions");
  }

  @Test
  void expressionsThatAreTooLongTogetherDeny() {
    hooks = List.of(validation(17));
    assertDenied(call(HookPoint.PRE_TOOL_USE), "the expressions of its schema are too long");
  }

  @Test
  void hookIsCalledIfItsMatcherIsTooLongToBeCompiled() {
    hooks = List.of(hook("q{1000}", validation(17).definition().target(), HookPoint.PRE_TOOL_USE));
    assertDenied(call(HookPoint.PRE_TOOL_USE), "the expressions of its schema are too long");
  }

  private static void assertDenied(HookResult result, String reason) {
    assertThat(result.decision())
        .hasValueSatisfying(
            decision -> {
              assertThat(decision.verdict()).isEqualTo(Verdict.DENIED);
              assertThat(decision.rule()).contains(reason);
            });
  }

  @Test
  void pointsThatDecideNothingContinueIfTheirHooksCannotBeCalled() {
    assertThat(call(HookPoint.STOP).decision()).isEmpty();
  }
}
