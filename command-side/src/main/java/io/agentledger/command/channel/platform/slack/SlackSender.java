package io.agentledger.command.channel.platform.slack;

import io.agentledger.command.channel.platform.ChannelAccount;
import io.agentledger.command.channel.platform.FormParameters;
import io.agentledger.command.channel.platform.Hmac;
import io.agentledger.command.channel.platform.MediaContent;
import io.agentledger.command.channel.platform.OutboundPart;
import io.agentledger.command.channel.platform.OutboundPart.Content;
import io.agentledger.command.channel.platform.PlatformClient;
import io.agentledger.command.channel.platform.PlatformJson;
import io.agentledger.command.channel.platform.SendResult;
import io.agentledger.command.channel.platform.SendResult.OutcomeUnknown;
import io.agentledger.command.channel.platform.SendResult.RateLimited;
import io.agentledger.command.channel.platform.SendResult.Rejected;
import io.agentledger.command.channel.platform.SendResult.Sent;
import io.agentledger.command.channel.platform.SendResult.Unavailable;
import io.agentledger.command.support.outbound.OutboundRequest;
import io.agentledger.command.support.outbound.OutboundResponse;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * Sends by Slack's Web API. A file is uploaded to an address that Slack states, and then shared.
 */
final class SlackSender {
  /** Errors after which a message may have been posted, as Slack documents them. */
  private static final Set<String> UNKNOWN =
      Set.of("internal_error", "fatal_error", "request_timeout");

  private static final Set<String> TEMPORARY = Set.of("service_unavailable", "team_added_to_org");
  private static final Set<String> LIMITS = Set.of("ratelimited", "rate_limited");

  private final PlatformClient client;

  SlackSender(PlatformClient client) {
    this.client = client;
  }

  SendResult send(ChannelAccount account, OutboundPart part) {
    if (!part.contactAddress().matches("[A-Z0-9]{2,20}(/[0-9]{1,11}\\.[0-9]{1,9})?"))
      return new Rejected("The address of the contact is not the id of a Slack channel.");
    var address = part.contactAddress().split("/", 2);
    var thread = address.length == 2 ? address[1] : "";
    return switch (part.content()) {
      case Content.Text(var markup) -> sendText(account, address[0], thread, markup);
      case Content.File(var media) -> sendFile(account, address[0], thread, media.content());
      case Content.Template _ -> new Rejected("Slack has no templates.");
    };
  }

  private SendResult sendText(
      ChannelAccount account, String channel, String thread, String markup) {
    var message = new LinkedHashMap<String, Object>();
    message.put("channel", channel);
    if (!thread.isEmpty()) message.put("thread_ts", thread);
    message.put("text", markup);
    message.put("mrkdwn", true);
    message.put("unfurl_links", false);
    message.put("unfurl_media", false);
    return client.send(
        json(account, "chat.postMessage", message),
        response ->
            result(
                response,
                body -> {
                  var time = PlatformJson.text(body, "ts");
                  return time.isEmpty() ? "" : PlatformJson.text(body, "channel") + ":" + time;
                }));
  }

  private SendResult sendFile(
      ChannelAccount account, String channel, String thread, MediaContent content) {
    var form = new LinkedHashMap<String, String>();
    form.put("filename", content.name());
    form.put("length", Integer.toString(content.bytes().length));
    var headers = new HashMap<>(authorization(account));
    headers.put("Content-Type", "application/x-www-form-urlencoded");
    var target = new String[1];
    var begun =
        client.send(
            new OutboundRequest(
                "POST",
                url(account, "files.getUploadURLExternal"),
                headers,
                Hmac.utf8(FormParameters.encode(form))),
            response ->
                result(
                    response,
                    body -> {
                      target[0] = PlatformJson.text(body, "upload_url");
                      return PlatformJson.text(body, "file_id");
                    }));
    if (!(begun instanceof Sent(var file))) return PlatformClient.beforeSending(begun);
    var uploaded =
        client.send(
            OutboundRequest.post(target[0], content.mediaType(), content.bytes()),
            response ->
                PlatformClient.isSuccess(response)
                    ? Optional.of(new Sent(file))
                    : Optional.empty());
    if (!(uploaded instanceof Sent)) return PlatformClient.beforeSending(uploaded);
    var share = new LinkedHashMap<String, Object>();
    share.put("files", List.of(Map.of("id", file, "title", content.name())));
    share.put("channel_id", channel);
    if (!thread.isEmpty()) share.put("thread_ts", thread);
    return client.send(
        json(account, "files.completeUploadExternal", share),
        response -> result(response, body -> file));
  }

  /** Reads a response; errors of Slack have the status 200. */
  private static Optional<SendResult> result(
      OutboundResponse response, java.util.function.Function<JsonNode, String> id) {
    var body = PlatformJson.read(response);
    if (body.path("ok").asBoolean(false)) {
      var sent = id.apply(body);
      return sent.isEmpty() ? Optional.empty() : Optional.of(new Sent(sent));
    }
    var error = PlatformJson.line(PlatformJson.text(body, "error"));
    if (error.isEmpty()) return Optional.empty();
    if (LIMITS.contains(error))
      return Optional.of(new RateLimited(PlatformClient.retryAfter(response)));
    if (TEMPORARY.contains(error))
      return Optional.of(new Unavailable("Slack cannot post now: " + error + "."));
    if (UNKNOWN.contains(error))
      return Optional.of(new OutcomeUnknown("Slack failed: " + error + "."));
    return Optional.of(new Rejected("Slack refuses the message: " + error + "."));
  }

  static OutboundRequest json(ChannelAccount account, String method, Map<String, ?> body) {
    var headers = new HashMap<>(authorization(account));
    headers.put("Content-Type", "application/json; charset=utf-8");
    return new OutboundRequest("POST", url(account, method), headers, PlatformJson.write(body));
  }

  static Map<String, String> authorization(ChannelAccount account) {
    return Map.of("Authorization", "Bearer " + account.credential(SlackPlatform.TOKEN));
  }

  private static String url(ChannelAccount account, String method) {
    return account.apiUrl(SlackPlatform.DESCRIPTION) + "/" + method;
  }
}
