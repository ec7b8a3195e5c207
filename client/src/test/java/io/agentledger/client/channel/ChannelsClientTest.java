package io.agentledger.client.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentledger.api.channel.ChannelAgent;
import io.agentledger.api.channel.ChannelAgent.ReplyMode;
import io.agentledger.api.channel.ChannelId;
import io.agentledger.api.channel.ChannelQuery.ChannelFilter;
import io.agentledger.api.channel.ChatAgentState;
import io.agentledger.api.channel.ChatId;
import io.agentledger.api.channel.ChatMessageContent.Template;
import io.agentledger.api.channel.ChatQuery.ChatFilter;
import io.agentledger.api.channel.ChatStatus;
import io.agentledger.api.channel.MessageStatus;
import io.agentledger.api.channel.SenderType;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.shared.PageRequest;
import io.agentledger.client.AgentledgerClient;
import io.agentledger.client.ChannelJson;
import io.agentledger.client.FakeService;
import io.agentledger.client.FakeService.CannedResponse;
import io.agentledger.client.FakeService.Request;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Tests the clients of channels and of chats with a fake service. */
@Timeout(30)
class ChannelsClientTest {
  private static final ChannelId CHANNEL = new ChannelId(ChannelJson.CHANNEL);
  private static final ChatId CHAT = new ChatId(ChannelJson.CHAT);
  private static final UserId USER = new UserId(ChannelJson.USER);
  private static final String CHANNEL_PATH = "/api/v1/channels/" + CHANNEL;
  private static final String CHAT_PATH = "/api/v1/chats/" + CHAT;

  private final FakeService service = new FakeService();
  private final AgentledgerClient client = AgentledgerClient.create(service.address());

  @AfterEach
  void end() {
    client.close();
    service.close();
  }

  private void respond(String request, String body) {
    service.answer(request, received -> new CannedResponse(200, body));
  }

  private Request last(String request) {
    return service.requests(request).getLast();
  }

  @Test
  void channelsAreFilteredAndReadWithTheirAgent() {
    respond("GET /api/v1/channels", ChannelJson.page(ChannelJson.channel(true)));
    var filter = new ChannelFilter("http", true, "a+b", true);
    var channel = client.channels().list(filter, new PageRequest(5, "c/d")).items().getFirst();
    assertThat(last("GET /api/v1/channels").path())
        .endsWith(
            "?limit=5&cursor=c%2Fd&platform=http&paused=true&text=a%2Bb&include_archived=true");
    assertThat(channel.agent())
        .isInstanceOfSatisfying(
            ChannelAgent.External.class,
            agent -> assertThat(agent.mode()).isEqualTo(ReplyMode.FIRE_AND_FORGET));
    assertThat(channel.credentials()).containsOnlyKeys("signing_secret");
  }

  @Test
  void channelIsReplacedByItsVersionAndTested() {
    respond("PUT " + CHANNEL_PATH, ChannelJson.channel(false));
    assertThat(client.channels().change(CHANNEL, "{\"name\":\"Shop\"}", 2).version()).isEqualTo(3);
    assertThat(last("PUT " + CHANNEL_PATH).headers()).containsEntry("if-match", "\"2\"");
    respond(
        "POST " + CHANNEL_PATH + "/test",
        "{\"successful\":false,\"account\":\"\",\"detail\":\"It has no api_url.\"}");
    assertThat(client.channels().test(CHANNEL).detail()).isEqualTo("It has no api_url.");
    assertThatThrownBy(() -> client.channels().create("[]"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("is not a JSON object");
  }

  @Test
  void chatsAreFilteredByAllFields() {
    respond("GET /api/v1/chats", ChannelJson.page(ChannelJson.chat("open")));
    var filter =
        new ChatFilter(
            CHANNEL,
            "+1",
            USER.value(),
            SenderType.CONTACT,
            true,
            ChatStatus.OPEN,
            ChatAgentState.TAKEN_OVER,
            "a b",
            "c d");
    var chat = client.chats().list(filter, new PageRequest(7, null)).items().getFirst();
    assertThat(last("GET /api/v1/chats").path())
        .endsWith(
            "?limit=7&channel_id=%s&contact=%%2B1&assignee=%s&last_sender=contact&unread=true&status=open&agent_state=taken_over&label=a+b&text=c+d"
                .formatted(CHANNEL, USER));
    assertThat(chat.takenOverBy()).isEqualTo(USER);
  }

  @Test
  void chatIsAssignedLabelledAndRead() {
    respond("PATCH " + CHAT_PATH, ChannelJson.chat("open"));
    client.chats().assign(CHAT, USER);
    assertThat(last("PATCH " + CHAT_PATH).body()).isEqualTo("{\"assignee\":\"" + USER + "\"}");
    client.chats().assign(CHAT, null);
    assertThat(last("PATCH " + CHAT_PATH).body()).isEqualTo("{\"unassign\":true}");
    client.chats().setLabels(CHAT, List.of());
    assertThat(last("PATCH " + CHAT_PATH).body()).isEqualTo("{\"labels\":[]}");
    client.chats().setAgentActive(CHAT, false);
    assertThat(last("PATCH " + CHAT_PATH).body()).isEqualTo("{\"agent_active\":false}");
    respond("POST " + CHAT_PATH + "/read", ChannelJson.chat("open"));
    client.chats().read(CHAT, 3);
    assertThat(last("POST " + CHAT_PATH + "/read").body()).isEqualTo("{\"through\":3}");
  }

  @Test
  void textsAndTemplatesAreSentOnce() {
    var messages = "POST " + CHAT_PATH + "/messages";
    respond(messages, ChannelJson.message(4, "user", "Here.", "pending"));
    service.breakNext(1);
    assertThat(client.chats().send(CHAT, "Here.").status()).isEqualTo(MessageStatus.PENDING);
    assertThat(service.requests(messages))
        .hasSize(2)
        .extracting(request -> request.headers().get("idempotency-key"))
        .doesNotContainNull()
        .containsOnly(last(messages).headers().get("idempotency-key"));
    client.chats().send(CHAT, new Template("hello", "en_US", List.of("Eve")));
    assertThat(last(messages).body())
        .isEqualTo(
            "{\"template\":{\"name\":\"hello\",\"language\":\"en_US\",\"parameters\":[\"Eve\"]}}");
  }
}
