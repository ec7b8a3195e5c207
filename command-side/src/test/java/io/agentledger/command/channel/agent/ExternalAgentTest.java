package io.agentledger.command.channel.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentledger.api.channel.AgentBuffer;
import io.agentledger.command.channel.agent.AgentStateTable.PendingMessages;
import io.agentledger.command.channel.agent.ExternalAgent.AgentResponse;
import io.agentledger.command.channel.agent.ExternalAgent.AgentResponse.Accepted;
import io.agentledger.command.channel.agent.ExternalAgent.AgentResponse.Failed;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExternalAgentTest {
  private static final Instant START = Instant.parse("2026-11-24T10:00:00Z");
  private static final AgentBuffer BUFFER = AgentBuffer.DEFAULT; // 3 s quiet, 30 s at most.

  private static AgentResponse read(String body) {
    return ExternalAgent.readReply(body.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void theTextOfTheResponseIsTheReply() {
    assertThat(read("{\"text\": \"hello\", \"more\": 1}")).isEqualTo(new Accepted("hello"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{}", "{\"text\": null}", "{\"text\": \"\"}"})
  void aResponseWithoutATextIsNoReply(String body) {
    assertThat(read(body)).isEqualTo(new Accepted(""));
  }

  @ParameterizedTest
  @ValueSource(strings = {"hello", "[]", "\"hello\"", "{\"text\": 1}", "{\"text\": {}}", "{"})
  void anotherResponseFailsTheTry(String body) {
    assertThat(read(body)).isInstanceOf(Failed.class);
  }

  @Test
  void aReplyThatIsTooLongFailsTheTry() {
    assertThat(read("{\"text\": \"" + "x".repeat(20_001) + "\"}")).isInstanceOf(Failed.class);
  }

  @Test
  void theCallIsDueAfterTheQuietTime() {
    var pending = new PendingMessages(1, 2, START, START.plusSeconds(10));
    assertThat(AgentJob.dueAt(pending, BUFFER)).isEqualTo(START.plusSeconds(13));
  }

  @Test
  void theCallIsDueAfterTheLongestWaitOfTheFirstMessage() {
    var pending = new PendingMessages(1, 20, START, START.plusSeconds(29));
    assertThat(AgentJob.dueAt(pending, BUFFER)).isEqualTo(START.plusSeconds(30));
  }
}
