package io.agentledger.command.hook;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentledger.api.agent.AgentId;
import io.agentledger.api.hook.HookDefinition;
import io.agentledger.api.hook.HookId;
import io.agentledger.api.hook.HookPoint;
import io.agentledger.api.hook.HookTarget;
import io.agentledger.api.hook.HookTarget.BuiltInHook;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.event.OutputEvent.Verdict;
import io.agentledger.command.claude.policy.Hooks.HookInvocation;
import io.agentledger.command.claude.policy.Hooks.HookResult;
import io.agentledger.command.claude.policy.ToolCallAuthorizer.Subject;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import tools.jackson.databind.node.JsonNodeFactory;

class HookDispatcherTest {
  private static final Subject SUBJECT =
      new Subject(TenantId.next(), AgentId.next(), SessionId.next());

  /** The only hook counts its calls, and the registry throws an Error. */
  private final HookDispatcher dispatcher =
      new HookDispatcher(
          new HookLookupTable(JdbcClient.create(new DriverManagerDataSource())) {
            @Override
            List<StoredHook> findByPoint(Subject subject, HookPoint point) {
              var target = new HookTarget.BuiltIn(BuiltInHook.METRICS);
              var definition =
                  new HookDefinition(true, point, "", target, HookDefinition.TIMEOUT_DEFAULT, 0);
              return List.of(new StoredHook(HookId.next(), "count", definition, false));
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

  private HookResult call(HookPoint point) {
    var input = JsonNodeFactory.instance.objectNode();
    var invocation = new HookInvocation(point, "Bash", "", input);
    var result = dispatcher.call(SUBJECT, invocation).orElseThrow();
    assertThat(result).succeedsWithin(Duration.ofSeconds(10));
    return result.join();
  }

  @Test
  void toolIsDeniedIfItsHooksCannotBeCalled() {
    assertThat(call(HookPoint.PRE_TOOL_USE).decision())
        .hasValueSatisfying(decision -> assertThat(decision.verdict()).isEqualTo(Verdict.DENIED));
  }

  @Test
  void pointsThatDecideNothingContinueIfTheirHooksCannotBeCalled() {
    assertThat(call(HookPoint.STOP).decision()).isEmpty();
  }
}
