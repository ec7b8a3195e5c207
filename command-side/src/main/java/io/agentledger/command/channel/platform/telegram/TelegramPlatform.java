package io.agentledger.command.channel.platform.telegram;

import io.agentledger.command.channel.platform.ChannelAccount;
import io.agentledger.command.channel.platform.ConnectionTest;
import io.agentledger.command.channel.platform.Hmac;
import io.agentledger.command.channel.platform.InboundItem;
import io.agentledger.command.channel.platform.MediaReference;
import io.agentledger.command.channel.platform.MediaResult;
import io.agentledger.command.channel.platform.MessageParts;
import io.agentledger.command.channel.platform.MultipartBody;
import io.agentledger.command.channel.platform.OutboundMessage;
import io.agentledger.command.channel.platform.OutboundPart;
import io.agentledger.command.channel.platform.OutboundPart.Content;
import io.agentledger.command.channel.platform.Platform;
import io.agentledger.command.channel.platform.PlatformClient;
import io.agentledger.command.channel.platform.PlatformDescription;
import io.agentledger.command.channel.platform.PlatformDescription.Capability;
import io.agentledger.command.channel.platform.PlatformField;
import io.agentledger.command.channel.platform.PlatformJson;
import io.agentledger.command.channel.platform.PlatformLimits;
import io.agentledger.command.channel.platform.PlatformRequest;
import io.agentledger.command.channel.platform.SendResult;
import io.agentledger.command.channel.platform.SendResult.RateLimited;
import io.agentledger.command.channel.platform.SendResult.Rejected;
import io.agentledger.command.channel.platform.SendResult.Sent;
import io.agentledger.command.channel.platform.TypingTarget;
import io.agentledger.command.channel.platform.markup.TelegramHtml;
import io.agentledger.command.support.outbound.OutboundRequest;
import io.agentledger.command.support.outbound.OutboundResponse;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** Bots of Telegram, by the Bot API. */
public final class TelegramPlatform implements Platform {
  private static final String TOKEN = "bot_token";
  private static final String SECRET = "webhook_secret";
  private static final String SECRET_HEADER = "x-telegram-bot-api-secret-token";
  private static final String JSON = "application/json";
  private static final int TEXT_MAX = 4_096;
  private static final long UPLOAD_BYTES_MAX = 50_000_000;
  private static final long PHOTO_BYTES_MAX = 10_000_000;
  private static final long DOWNLOAD_BYTES_MAX = 20_000_000;
  private static final int BAD_REQUEST = 400;
  private static final int TOO_MANY = 429;
  private static final int FAULT = 500;

  private static final PlatformDescription DESCRIPTION =
      new PlatformDescription(
          "telegram",
          "Telegram",
          "https://api.telegram.org",
          "",
          "https://core.telegram.org/bots/api",
          List.of(),
          List.of(
              PlatformField.requiredCredential(
                  TOKEN, "Token of the bot.", "sent by @BotFather after /newbot"),
              PlatformField.requiredCredential(
                  SECRET,
                  "Secret of the webhook: 1 to 256 letters, digits, _ and -.",
                  "secret_token of setWebhook"),
              PlatformField.optionalCredential(
                  SECRET + ChannelAccount.PREVIOUS,
                  "Secret that is being replaced.",
                  "the former secret_token")),
          new PlatformLimits(
              TEXT_MAX, UPLOAD_BYTES_MAX, List.of("*/*"), 30, Duration.ofSeconds(1), Duration.ZERO),
          Set.of(Capability.TYPING, Capability.MEDIA));

  private final PlatformClient client;
  private final TelegramUpdates updates;

  public TelegramPlatform(PlatformClient client, Clock clock) {
    this.client = client;
    this.updates = new TelegramUpdates(clock);
  }

  @Override
  public PlatformDescription description() {
    return DESCRIPTION;
  }

  @Override
  public boolean hasCredentials(PlatformRequest request, Instant now) {
    return !request.header(SECRET_HEADER).isEmpty();
  }

  @Override
  public boolean verify(ChannelAccount account, PlatformRequest request, Instant now) {
    return Hmac.matches(request.header(SECRET_HEADER), account.secrets(SECRET), secret -> secret);
  }

  @Override
  public List<InboundItem> read(ChannelAccount account, PlatformRequest request) {
    return updates.read(PlatformJson.read(request));
  }

  @Override
  public List<OutboundPart> divide(OutboundMessage message) {
    return MessageParts.of(message, new TelegramHtml().divide(message.markdown(), TEXT_MAX));
  }

  @Override
  public SendResult send(ChannelAccount account, OutboundPart part) {
    if (!part.contactAddress().matches("-?[0-9]{1,20}"))
      return new Rejected("The address of the contact is not the id of a Telegram chat.");
    if (!isToken(account)) return new Rejected("The bot_token is not a token of a Telegram bot.");
    return switch (part.content()) {
      case Content.Text(var markup) ->
          result(
              json(
                  account,
                  "sendMessage",
                  Map.of(
                      "chat_id",
                      part.contactAddress(),
                      "text",
                      markup,
                      "parse_mode",
                      "HTML",
                      "link_preview_options",
                      Map.of("is_disabled", true))));
      case Content.File(var media) -> result(file(account, part.contactAddress(), media));
      case Content.Template _ -> new Rejected("Telegram has no templates.");
    };
  }

  private static OutboundRequest file(
      ChannelAccount account, String chat, OutboundMessage.OutboundMedia media) {
    var content = media.content();
    boolean isPhoto =
        Set.of("image/png", "image/jpeg").contains(content.mediaType())
            && content.bytes().length <= PHOTO_BYTES_MAX;
    var body =
        new MultipartBody().field("chat_id", chat).file(isPhoto ? "photo" : "document", content);
    return OutboundRequest.post(
        method(account, isPhoto ? "sendPhoto" : "sendDocument"),
        body.contentType(),
        body.toBytes());
  }

  private SendResult result(OutboundRequest request) {
    return client.send(request, TelegramPlatform::result);
  }

  private static Optional<SendResult> result(OutboundResponse response) {
    var body = PlatformJson.read(response);
    if (PlatformClient.isSuccess(response)) {
      var message = body.path("result");
      var id = PlatformJson.text(message, "message_id");
      if (!body.path("ok").asBoolean(false) || id.isEmpty()) return Optional.empty();
      return Optional.of(
          new Sent(TelegramUpdates.messageId(PlatformJson.text(message.path("chat"), "id"), id)));
    }
    var retryAfter =
        PlatformClient.seconds(PlatformJson.text(body.path("parameters"), "retry_after"));
    if (retryAfter.isPresent()) return Optional.of(new RateLimited(retryAfter.get()));
    var description = PlatformJson.line(PlatformJson.text(body, "description"));
    boolean isRefused = response.status() >= BAD_REQUEST && response.status() < FAULT;
    return isRefused && response.status() != TOO_MANY && !description.isEmpty()
        ? Optional.of(new Rejected("Telegram refuses the message: " + description + "."))
        : Optional.empty();
  }

  @Override
  public MediaResult fetchMedia(ChannelAccount account, MediaReference reference, long bytesMax) {
    if (!isToken(account))
      return new MediaResult.Refused("The bot_token is not a token of a Telegram bot.");
    long limit = Math.min(bytesMax, DOWNLOAD_BYTES_MAX);
    var request = json(account, "getFile", Map.of("file_id", reference.id()));
    return client.lookUp(request, body -> file(account, reference, body.path("result"), limit));
  }

  private MediaResult file(
      ChannelAccount account, MediaReference reference, JsonNode file, long limit) {
    if (file.path("file_size").asLong(0) > limit)
      return new MediaResult.Refused("The file exceeds the limit of " + limit + " bytes.");
    var path = PlatformJson.text(file, "file_path");
    if (!path.matches("[A-Za-z0-9_.-]+(/[A-Za-z0-9_.-]+)*") || path.contains(".."))
      return new MediaResult.Refused("Telegram does not have the file any more.");
    var url = account.apiUrl(DESCRIPTION) + "/file/bot" + account.credential(TOKEN) + "/" + path;
    return client.fetch(OutboundRequest.get(url), reference, limit);
  }

  @Override
  public void showTyping(ChannelAccount account, TypingTarget target) {
    if (isToken(account))
      client.exchange(
          json(
              account,
              "sendChatAction",
              Map.of("chat_id", target.contactAddress(), "action", "typing")));
  }

  @Override
  public ConnectionTest test(ChannelAccount account) {
    if (!isToken(account))
      return ConnectionTest.failed("The bot_token is not a token of a Telegram bot.");
    return client.test(json(account, "getMe", Map.of()), TelegramPlatform::account);
  }

  private static ConnectionTest account(JsonNode body) {
    var name = PlatformJson.line(PlatformJson.text(body.path("result"), "username"));
    return name.isEmpty()
        ? ConnectionTest.failed("The response is not one of the Bot API. Check api_url.")
        : ConnectionTest.passed("@" + name);
  }

  /** The token is a part of URLs. */
  private static boolean isToken(ChannelAccount account) {
    return account.credential(TOKEN).matches("[0-9]{1,20}:[A-Za-z0-9_-]{1,100}");
  }

  private static OutboundRequest json(ChannelAccount account, String method, Map<String, ?> body) {
    return OutboundRequest.post(method(account, method), JSON, PlatformJson.write(body));
  }

  private static String method(ChannelAccount account, String method) {
    return account.apiUrl(DESCRIPTION) + "/bot" + account.credential(TOKEN) + "/" + method;
  }
}
