package io.agentledger.client.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentledger.client.ChannelJson;
import io.agentledger.client.FakeService.CannedResponse;
import io.agentledger.client.support.ClientJson;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Tests the commands about channels. */
@Timeout(30)
class ChannelCommandsTest extends CliFixture {
  private static final String PATH = "/api/v1/channels";
  private static final String ONE = PATH + "/" + ChannelJson.CHANNEL;

  @BeforeEach
  void answerChannels() {
    environment.put("NO_COLOR", "1");
    respond("GET " + ONE, 200, ChannelJson.channel(false));
  }

  private void respond(String request, int status, String body) {
    service.answer(request, received -> new CannedResponse(status, body));
  }

  @Test
  void channelsAreListedWithTheirPaths() {
    respond("GET " + PATH, 200, ChannelJson.page(ChannelJson.channel(true)));
    assertThat(runCli("", "channels", "list", "--platform", "http", "--no-paused"))
        .isEqualTo(ExitCode.OK);
    assertThat(shown())
        .isEqualTo(
            "%1$s  http             Shop · version 3 · /webhooks/http/%1$s · paused\n"
                .formatted(ChannelJson.CHANNEL));
    assertThat(service.requests("GET " + PATH).getLast().path())
        .contains("platform=http&paused=false");
    respond("GET " + PATH, 200, ChannelJson.page());
    assertThat(runCli("", "channels")).isEqualTo(ExitCode.OK);
    assertThat(shown()).endsWith("no channels\n");
  }

  @Test
  void platformsAreListedWithTheirFields() {
    respond(
        "GET /api/v1/platforms",
        200,
        """
        {"items":[{"name":"telegram","title":"Telegram","webhook_path":"/webhooks/telegram/{id}",
          "handshake":"","documentation":"","settings":[],
          "credentials":[{"name":"bot_token","description":"Token of the bot.","required":true,
            "rule":"","example":"x"},
           {"name":"bot_token_previous","description":"Former one.","required":false,
            "rule":"","example":"x"}],
          "capabilities":[],"text_length_max":4096,"media_bytes_max":1,"messages_per_second":30,
          "reply_window_seconds":0}]}
        """);
    assertThat(runCli("", "channels", "platforms")).isEqualTo(ExitCode.OK);
    assertThat(shown())
        .isEqualTo(
            """
            telegram  Telegram
              credential bot_token: Token of the bot.
              credential bot_token_previous (optional): Former one.
            """);
  }

  @Test
  void shownChannelIsTheBodyOfAChange() throws IOException {
    assertThat(runCli("", "channels", "show", ChannelJson.CHANNEL)).isEqualTo(ExitCode.OK);
    Files.writeString(folder.resolve("channel.json"), shown());
    respond("PUT " + ONE, 200, ChannelJson.channel(false));
    assertThat(runCli("", "channels", "change", ChannelJson.CHANNEL, "channel.json"))
        .isEqualTo(ExitCode.OK);
    var request = service.requests("PUT " + ONE).getLast();
    assertThat(request.headers()).containsEntry("if-match", "\"3\"");
    assertThat(ClientJson.MAPPER.readTree(request.body()))
        .isEqualTo(
            ClientJson.MAPPER.readTree(
                """
                {"name":"Shop","platform":"http","settings":{},
                 "credentials":{"signing_secret":{"vault_id":"vlt_eeeeeeeeee","name":"shop"}},
                 "api_url":"https://shop.example.com/messages","members":["usr_dddddddddd"],
                 "agent":{"url":"https://agent.example.com",
                   "secret":{"vault_id":"vlt_eeeeeeeeee","name":"agent"},"mode":"fire_and_forget"},
                 "buffer":{"quiet_seconds":3,"max_wait_seconds":30,"history":40,
                   "window_minutes":1440,"tries":3},
                 "agent_active":true}
                """));
  }

  @Test
  void channelIsCreatedFromAFile() throws IOException {
    respond("POST " + PATH, 201, ChannelJson.channel(false));
    Files.writeString(folder.resolve("channel.json"), "{\"name\": \"Shop\"}");
    assertThat(runCli("", "channels", "create", "channel.json")).isEqualTo(ExitCode.OK);
    assertThat(shown()).contains("/webhooks/http/" + ChannelJson.CHANNEL);
    Files.writeString(folder.resolve("channel.json"), "[]");
    assertThat(runCli("", "channels", "create", "channel.json")).isEqualTo(ExitCode.USAGE);
    assertThat(runCli("", "channels", "create", "other.json")).isEqualTo(ExitCode.USAGE);
    assertThat(err.toString(StandardCharsets.UTF_8))
        .contains("FILE: channel.json is not a JSON object.")
        .contains("FILE: other.json cannot be read.");
  }

  @Test
  void testFailsIfThePlatformDoesNotKnowTheAccount() {
    respond(
        "POST " + ONE + "/test",
        200,
        "{\"successful\":false,\"account\":\"\",\"detail\":\"The token is\\u001b[2J invalid.\"}");
    assertThat(runCli("", "channels", "test", ChannelJson.CHANNEL)).isEqualTo(ExitCode.FAILED);
    assertThat(shown()).isEqualTo("The token is[2J invalid.\n");
    respond(
        "POST " + ONE + "/test",
        200,
        "{\"successful\":true,\"account\":\"@shop\",\"detail\":\"\"}");
    assertThat(runCli("", "channels", "test", ChannelJson.CHANNEL)).isEqualTo(ExitCode.OK);
    assertThat(shown()).endsWith("connected as @shop\n");
  }

  @Test
  void channelIsPausedResumedArchivedAndItsVersionsAreListed() {
    respond("POST " + ONE + "/pause", 200, ChannelJson.channel(true));
    respond("POST " + ONE + "/resume", 200, ChannelJson.channel(false));
    respond("DELETE " + ONE, 204, "");
    respond(
        "GET " + ONE + "/versions",
        200,
        ChannelJson.page(
            """
            {"version":2,"name":"Shop","settings":{},"credentials":{},"members":[],
             "buffer":{"quiet_seconds":3,"max_wait_seconds":30,"history":40,"window_minutes":1440,
               "tries":3},
             "agent_active":false,"paused":true,"archived":false,
             "actor":{"type":"service","id":"agentledger"},"at":"2026-11-24T09:00:00Z"}
            """));
    for (var step : new String[] {"pause", "resume", "archive", "versions"})
      assertThat(runCli("", "channels", step, ChannelJson.CHANNEL)).isEqualTo(ExitCode.OK);
    assertThat(shown())
        .contains(" · paused\n", ChannelJson.CHANNEL + " is archived\n")
        .endsWith("2  2026-11-24T09:00:00Z  by the service  Shop · paused\n");
  }
}
