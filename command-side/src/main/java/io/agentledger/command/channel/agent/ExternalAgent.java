package io.agentledger.command.channel.agent;

import io.agentledger.api.channel.ChannelAgent;
import io.agentledger.api.channel.ChannelAgent.ReplyMode;
import io.agentledger.api.channel.ChatMessageContent;
import io.agentledger.command.channel.ChannelReader;
import io.agentledger.command.channel.ChannelReader.AccountUnusableException;
import io.agentledger.command.channel.agent.AgentJob.Work;
import io.agentledger.command.channel.agent.AgentStateTable.AgentCall;
import io.agentledger.command.channel.agent.ChatHistory.CalledMessage;
import io.agentledger.command.channel.outbound.ChatMessageReader;
import io.agentledger.command.support.outbound.OutboundFailures;
import io.agentledger.command.support.outbound.OutboundHttpClient;
import io.agentledger.command.support.outbound.OutboundRefusedException;
import io.agentledger.command.support.outbound.OutboundRefusedException.Rule;
import io.agentledger.command.support.outbound.OutboundRequest;
import io.agentledger.command.support.outbound.OutboundResponse;
import io.agentledger.command.support.webhook.WebhookSecretResolver;
import io.agentledger.command.support.webhook.WebhookSecretResolver.UnusableSecretException;
import io.agentledger.command.support.webhook.WebhookSignature;
import io.agentledger.store.event.JsonMappers;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.springframework.util.unit.DataSize;
import reactor.core.Exceptions;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Calls agents behind webhooks, with requests that are signed according to Standard Webhooks. The
 * header {@code webhook-id} is the same for each try of a call. Blocks; thread-safe.
 */
final class ExternalAgent {
  static final String TYPE = "chat.messages";

  private static final JsonMapper JSON = JsonMappers.mapper();

  /** An agent may think before it responds. */
  private static final Duration REPLY_TIMEOUT = Duration.ofSeconds(60);

  private static final Duration ACCEPT_TIMEOUT = Duration.ofSeconds(15);
  private static final DataSize RESPONSE_MAX = DataSize.ofKilobytes(256);

  private final OutboundHttpClient outbound;
  private final ChannelReader channelReader;
  private final WebhookSecretResolver secrets;
  private final ChatHistory history;
  private final ChatMessageReader reader;
  private final Clock clock;

  ExternalAgent(
      OutboundHttpClient outbound,
      ChannelReader channelReader,
      WebhookSecretResolver secrets,
      ChatHistory history,
      ChatMessageReader reader,
      Clock clock) {
    this.outbound = outbound;
    this.channelReader = channelReader;
    this.secrets = secrets;
    this.history = history;
    this.reader = reader;
    this.clock = clock;
  }

  /** Response of an agent. */
  sealed interface AgentResponse {
    /**
     * The agent accepted the call.
     *
     * @param text its reply, empty for none
     */
    record Accepted(String text) implements AgentResponse {}

    /**
     * The try failed.
     *
     * @param reason sentence that is safe to show
     */
    record Failed(String reason) implements AgentResponse {}
  }

  AgentResponse call(Work work, AgentCall call, ChannelAgent.External agent) {
    boolean isReply = agent.mode() == ReplyMode.REPLY;
    try {
      var request = request(work, call, agent);
      var response =
          outbound
              .sendWithoutRedirects(request, isReply ? REPLY_TIMEOUT : ACCEPT_TIMEOUT, RESPONSE_MAX)
              .blockOptional()
              .orElseThrow();
      return toResponse(response, isReply);
    } catch (AccountUnusableException e) {
      return new AgentResponse.Failed(String.valueOf(e.getMessage()));
    } catch (UnusableSecretException e) {
      return new AgentResponse.Failed("The agent cannot be called: " + e.getMessage() + ".");
    } catch (RuntimeException e) { // Failures of the network have many types.
      if (Thread.currentThread().isInterrupted()) throw e;
      return new AgentResponse.Failed(describe(Exceptions.unwrap(e)));
    }
  }

  private OutboundRequest request(Work work, AgentCall call, ChannelAgent.External agent) {
    var id = AgentCaller.idOf(work.state(), call);
    var body = JSON.writeValueAsBytes(body(work, call, id));
    var now = clock.instant();
    var headers = new TreeMap<>(WebhookSignature.headersWithoutSignature(id, now));
    channelReader.requireMaySendSecrets(work.channel());
    var secret = secrets.signingSecret(work.state().tenant(), agent.secret());
    headers.put("webhook-signature", WebhookSignature.sign(secret, id, now, body));
    headers.put("Content-Type", "application/json");
    return new OutboundRequest("POST", agent.url(), headers, body);
  }

  private Map<String, Object> body(Work work, AgentCall call, String id) {
    var chat = work.state().chat();
    var read = history.read(chat, call, work.definition().buffer(), clock.instant());
    var contact = reader.contact(chat);
    var body = new LinkedHashMap<String, Object>();
    body.put("type", TYPE);
    body.put("id", id);
    body.put("chat_id", chat.value());
    body.put("channel_id", work.channel().id().value());
    body.put("contact", Map.of("address", contact.address(), "name", contact.name()));
    body.put("messages", read.messages().stream().map(ExternalAgent::toJson).toList());
    body.put("history", read.history().stream().map(ExternalAgent::toJson).toList());
    return body;
  }

  private static Map<String, Object> toJson(CalledMessage message) {
    var content = message.content();
    var json = new LinkedHashMap<String, Object>();
    json.put("id", message.id().value());
    json.put("number", message.number());
    json.put("sender_type", message.sender().name().toLowerCase(Locale.ROOT));
    json.put("text", message.text());
    if (!content.unsupported().isEmpty()) json.put("unsupported", content.unsupported());
    json.put("media", content.media().stream().map(ExternalAgent::toJson).toList());
    json.put("at", message.at().toString());
    return json;
  }

  private static Map<String, String> toJson(ChatMessageContent.Media media) {
    return Map.of("name", media.name(), "declared_type", media.declaredType());
  }

  private static AgentResponse toResponse(OutboundResponse response, boolean isReply) {
    int status = response.status();
    if (status < 200 || status >= 300)
      return new AgentResponse.Failed("The agent responded with the status " + status + ".");
    return isReply ? readReply(response.body()) : new AgentResponse.Accepted("");
  }

  /** Reads a reply; a response without a body is none. */
  static AgentResponse readReply(byte[] body) {
    if (body.length == 0) return new AgentResponse.Accepted("");
    JsonNode response;
    try {
      response = JSON.readTree(body);
    } catch (JacksonException e) {
      return new AgentResponse.Failed("The response of the agent is not JSON.");
    }
    var text = response.path("text");
    if (!response.isObject() || !text.isMissingNode() && !text.isNull() && !text.isString())
      return new AgentResponse.Failed(
          "The response of the agent must be an object with the text of the reply in text.");
    var reply = text.asString("");
    return reply.length() > ChatMessageContent.TEXT_LENGTH_MAX
        ? new AgentResponse.Failed(
            "The reply of the agent exceeds " + ChatMessageContent.TEXT_LENGTH_MAX + " characters.")
        : new AgentResponse.Accepted(reply);
  }

  private static String describe(Throwable cause) {
    if (cause instanceof OutboundRefusedException refused)
      return refused.rule() == Rule.TIME
          ? "The agent did not respond in time."
          : "The URL of the agent " + refused.advice() + ".";
    return "The agent could not be called: " + OutboundFailures.describe(cause) + ".";
  }
}
