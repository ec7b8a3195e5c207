package io.agentledger.command.claude.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentledger.api.agent.AgentId;
import io.agentledger.api.channel.ChannelId;
import io.agentledger.api.identity.Actor;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.mcp.PlatformServer;
import io.agentledger.api.session.PermissionMode;
import io.agentledger.api.session.event.OutputEvent.Verdict;
import io.agentledger.api.trigger.TriggerId;
import io.agentledger.command.claude.policy.ToolCallAuthorizer.PermissionDecision;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.json.JsonMapper;

class PlatformCallsTest {
  private static final Actor USER = Actor.ofUser(UserId.next());
  private static final Actor AGENT = new Actor(Actor.ActorType.AGENT, AgentId.next().value());
  private static final Actor TRIGGER = new Actor(Actor.ActorType.TRIGGER, TriggerId.next().value());

  private static Verdict restrict(
      Verdict verdict, String tool, PermissionMode mode, Actor sender, boolean isOwner) {
    var input = new JsonMapper().readTree("{\"server\": \"agentledger\"}");
    var decision = new PermissionDecision(verdict, "rule");
    return PlatformCalls.restrict(decision, tool, input, mode, sender, isOwner).verdict();
  }

  @ParameterizedTest
  @CsvSource({
    "mcp__agentledger__list_sessions, ALLOWED, ALLOWED, ASKED, DENIED",
    "mcp__agentledger__list_sessions, ASKED, ASKED, ASKED, DENIED",
    "mcp__agentledger__list_sessions, DENIED, DENIED, DENIED, DENIED",
    "mcp__agentledger__run_task, ASKED, ASKED, ASKED, DENIED",
    "ReadMcpResourceTool, ALLOWED, ALLOWED, DENIED, DENIED",
    "mcp__db__query, ALLOWED, ALLOWED, ALLOWED, ALLOWED",
    "Bash, ASKED, ASKED, ASKED, ASKED"
  })
  void rulesOfASessionAllowThePlatformForItsOwnerOnly(
      String tool, Verdict byRules, Verdict ofOwner, Verdict ofOther, Verdict ofAgent) {
    var mode = PermissionMode.DEFAULT;
    assertThat(restrict(byRules, tool, mode, USER, true)).isEqualTo(ofOwner);
    assertThat(restrict(byRules, tool, mode, USER, false)).isEqualTo(ofOther);
    assertThat(restrict(byRules, tool, mode, AGENT, false)).isEqualTo(ofAgent);
  }

  @ParameterizedTest
  @EnumSource(PermissionMode.class)
  void runsOfTriggersUseNoToolOfThePlatform(PermissionMode mode) {
    for (var tool : List.of("mcp__agentledger__list_sessions", "mcp__agentledger__run_task"))
      assertThat(restrict(Verdict.ALLOWED, tool, mode, TRIGGER, true)).isEqualTo(Verdict.DENIED);
  }

  @ParameterizedTest
  @EnumSource(PermissionMode.class)
  void runsOfChannelsUseOneToolOfThePlatformOnly(PermissionMode mode) {
    var channel = new Actor(Actor.ActorType.CHANNEL, ChannelId.next().value());
    for (var tool : List.of("mcp__agentledger__list_sessions", "ReadMcpResourceTool"))
      assertThat(restrict(Verdict.ALLOWED, tool, mode, channel, true)).isEqualTo(Verdict.DENIED);
    for (var byRules : List.of(Verdict.ALLOWED, Verdict.DENIED))
      assertThat(restrict(byRules, PlatformServer.ESCALATE, mode, channel, true))
          .isEqualTo(byRules);
    assertThat(restrict(Verdict.ALLOWED, PlatformServer.ESCALATE, mode, TRIGGER, true))
        .isEqualTo(Verdict.DENIED);
  }

  @ParameterizedTest
  @CsvSource({"DONT_ASK, DENIED", "BYPASS_PERMISSIONS, ASKED"})
  void modesOfASessionAllowNothingForOthers(PermissionMode mode, Verdict expected) {
    var tool = "mcp__agentledger__list_sessions";
    assertThat(restrict(Verdict.ALLOWED, tool, mode, USER, false)).isEqualTo(expected);
  }
}
